export { bookKey } from './books.js';
export * from './connected.js';
export * from './cost-basis.js';
export { startOfLondonDay } from './london-day.js';
export {
  COST_BASIS_METHODS,
  type CostBasisMethod,
  type LotAction,
  type LotChoice,
  type LotHolding,
  type LotMovement,
} from './movement.js';
export {
  type Departure,
  type Disposal,
  LOT_RULES,
  type LotRule,
  type LotUse,
  type OpenLot,
  type Piece,
} from './pieces.js';
export * from './tax-year.js';
export type { LotSet } from './walk.js';
