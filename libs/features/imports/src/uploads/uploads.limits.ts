export const MB = 1_000_000;

/** Largest file in bytes where there is object storage. */
export const LARGEST_FILE = 50 * MB;

/** Largest file in bytes where the api itself receives it and Postgres keeps it until it is recorded. */
export const LARGEST_WITHOUT_STORAGE = 10 * MB;
