export { ImportJobs } from './import.jobs.js';
export * from './imports.module.js';
export { TrialImport } from './trial-import.js';
export { cleanUploads } from './uploads/clean-uploads.job.js';
export { acceptRawUploads } from './uploads/raw-uploads.js';
