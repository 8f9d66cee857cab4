import type { AssetKind, CorporateActionKind, InstitutionKind, TransactionKind } from '../../api/models';
import type { IconName } from '../ui/icon-names';

export const TRANSACTION_WORDS: Record<TransactionKind, string> = {
  deposit: 'Deposit',
  withdraw: 'Withdrawal',
  'transfer-in': 'Transfer in',
  'transfer-out': 'Transfer out',
  buy: 'Buy',
  sell: 'Sell',
  dividend: 'Dividend',
  interest: 'Interest',
  reward: 'Reward',
  airdrop: 'Airdrop',
  fee: 'Fee',
  tax: 'Tax',
  adjustment: 'Adjustment',
  'opening-balance': 'Opening balance',
  split: 'Split',
  'spin-off': 'Spin-off',
  merger: 'Merger',
  'symbol-change': 'New symbol',
  'return-of-capital': 'Return of capital',
};

export const ACTION_WORDS: Record<CorporateActionKind, string> = {
  split: 'Split or reverse split',
  'spin-off': 'Spin-off',
  merger: 'Merger or takeover',
  'symbol-change': 'New symbol or name',
  'return-of-capital': 'Return of capital',
};

export const ASSET_WORDS: Record<AssetKind, string> = {
  fiat: 'Money',
  crypto: 'Crypto',
  stock: 'Stock or fund',
  private: 'Private',
  other: 'Other',
};

export const INSTITUTION_WORDS: Record<InstitutionKind, string> = {
  bank: 'Bank',
  broker: 'Broker',
  exchange: 'Exchange',
  wallet: 'Wallet',
  fund: 'Fund',
  property: 'Property',
  manual: 'Kept by hand',
};

export const INSTITUTION_ICONS: Record<InstitutionKind, IconName> = {
  bank: 'landmark',
  broker: 'briefcase-business',
  exchange: 'bitcoin',
  wallet: 'wallet',
  fund: 'piggy-bank',
  property: 'building-2',
  manual: 'gem',
};

/** The entries of a word list as options of a select. */
export function optionsOf<K extends string>(words: Record<K, string>): { value: K; label: string }[] {
  return (Object.entries(words) as [K, string][]).map(([value, label]) => ({ value, label }));
}

const SOURCES: Record<string, string> = {
  user: 'you',
  own: 'set by you',
  manual: 'you',
  demo: 'demo',
  yield: 'its interest terms',
  correction: 'a correction',
  scani: 'worked out',
  csv: 'a CSV file',
  'revolut-csv': 'a Revolut file',
  ofx: 'an OFX file',
  pdf: 'a PDF',
  screenshot: 'a picture',
  wallet: 'its chain',
  coingecko: 'CoinGecko',
  yahoo: 'Yahoo Finance',
  frankfurter: 'Frankfurter',
};

/** Who says so, in words; a source that is new here keeps its own name. */
export function sourceOf(source: string): string {
  return SOURCES[source] ?? source;
}
