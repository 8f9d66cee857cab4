export * from './cost-basis.js';
export { startOfLondonDay } from './london-day.js';
export { COST_BASIS_METHODS, type CostBasisMethod, type LotMovement } from './movement.js';
export { type Departure, type Disposal, LOT_RULES, type LotRule, type LotUse, type OpenLot } from './pieces.js';
export * from './tax-year.js';
