export { GainsBuilder } from './gains/gains.builder.js';
export { GainsJobs, rebuildGains } from './gains/gains.jobs.js';
export * from './portfolio.module.js';
export { rebuildRollup, RollupJobs, rollupNight } from './rollup/rollup.jobs.js';
export { RollupBuilder } from './rollup/rollup.builder.js';
