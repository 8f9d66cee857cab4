export * from './define-job.js';
export * from './job.events.js';
export * from './job.host.js';
export { LOST_AFTER_MS } from './job.records.js';
export * from './job.queue.js';
export * from './job.view.js';
export * from './jobs.module.js';
export * from './redis.js';
export * from './schedule.js';
