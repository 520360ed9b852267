/** One file: what a clerk's computer and one request can bear. */
export const IMPORT_BYTES_MAX = 4_000_000
export const IMPORT_ROWS_MAX = 5000
