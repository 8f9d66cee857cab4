export * from './day.js';
export * from './decimal.js';
