export * from './canary.js';
export * from './keys.check.js';
export * from './seal.js';
export * from './secrets.js';
