/** What `workerData` says to make a worker thread a verifying one. */
export const role = "verify"
