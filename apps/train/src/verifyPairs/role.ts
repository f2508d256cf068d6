/** What `workerData` says to make a worker thread one that judges lines of `rapo verify`. */
export const role = "verify pairs"
