export * from './candidates.js';
export * from './link-transfers.js';
export * from './transfer-entry.js';
export * from './verdict.js';
