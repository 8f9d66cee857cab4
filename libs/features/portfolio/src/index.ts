export * from './portfolio.module.js';
export { rebuildRollup, RollupJobs, rollupNight } from './rollup/rollup.jobs.js';
