export * from './currency-effect.js';
export * from './day-money.js';
export * from './money-role.js';
export * from './money-weighted.js';
export * from './time-weighted.js';
