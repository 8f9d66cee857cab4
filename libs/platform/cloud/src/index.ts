export * from './cloud.check.js';
export * from './cloud.client.js';
export * from './cloud.env.js';
export * from './cloud.error.js';
export * from './cloud.module.js';
export * from './cloud.types.js';
export type { Prices } from './cloud.answers.js';
export * from './tier.js';
