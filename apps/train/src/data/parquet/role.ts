/** What `workerData` says to make a worker thread read one Parquet file. */
export const role = "parquet"
