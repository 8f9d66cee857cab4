export * from './currency.js';
export * from './day.js';
export * from './decimal.js';
export * from './fixed.js';
