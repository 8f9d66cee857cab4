export * from './balance-at.js';
export * from './constants.js';
export * from './counted.js';
export * from './figure.js';
export * from './price-graph.js';
export * from './rollup.js';
export * from './transaction-kind.js';
