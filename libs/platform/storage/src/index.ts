export * from './env.js';
export * from './object.store.js';
export * from './storage.check.js';
export * from './storage.error.js';
export * from './storage.refusal.js';
export * from './storage.module.js';
