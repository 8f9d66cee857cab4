export * from './clean-up.job.js';
export * from './demo/demo.seeder.js';
export { EgressCollector } from './egress/egress.collector.js';
export * from './operations.module.js';
export { type Step, type StepState, TierVerifier } from './tier/tier.verifier.js';
