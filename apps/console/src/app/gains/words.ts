import type { CostBasisMethod, LotRule } from '../../api/models';

export const METHOD_WORDS: Record<CostBasisMethod, string> = {
  fifo: 'First in, first out',
  lifo: 'Last in, first out',
  hifo: 'Highest cost first',
  average: 'Average cost',
  'section-104': 'UK section 104',
  specific: 'Specific lots',
};

export const RULE_WORDS: Record<LotRule, string> = {
  fifo: 'oldest first',
  lifo: 'newest first',
  hifo: 'highest cost first',
  average: 'average of all',
  'same-day': 'same day',
  '30-days': 'bought back within 30 days',
  pool: 'section 104 pool',
  specific: 'chosen by you',
  kept: 'kept; a part of its cost was used',
  unmatched: 'no record of where it came from',
};
