export * from './seal.js';
export * from './secrets.js';
