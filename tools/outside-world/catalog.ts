/** What the outside world has on offer: levels of late 2026, rounded; the names and codes are the real ones. */

export interface Coin {
  id: string;
  symbol: string;
  name: string;
  rank: number | null;
  /** US dollars on ANCHOR_DAY. */
  level: number;
  yearlyDrift: number;
  swing: number;
  odd?: 'worthless' | 'silent' | 'from-the-future';
}

export interface Exchange {
  code: string;
  name: string;
  timeZone: string;
  /** Session in minutes after local midnight. */
  opens: number;
  closes: number;
}

export interface Share {
  symbol: string;
  name: string;
  kind: 'EQUITY' | 'ETF';
  exchange: Exchange;
  /** As Yahoo writes it: GBp is pence. */
  currency: string;
  level: number;
  yearlyDrift: number;
  swing: number;
  odd?: 'no-price' | 'delisted';
}

export interface Currency {
  code: string;
  name: string;
  /** Units for one euro on ANCHOR_DAY. */
  perEuro: number;
  swing: number;
}

const coin = (
  id: string,
  symbol: string,
  name: string,
  rank: number | null,
  level: number,
  yearlyDrift: number,
  swing: number,
  odd?: Coin['odd'],
): Coin => ({ id, symbol, name, rank, level, yearlyDrift, swing, ...(odd ? { odd } : {}) });

export const COINS: readonly Coin[] = [
  coin('bitcoin', 'btc', 'Bitcoin', 1, 93_400, 0.38, 0.22),
  coin('ethereum', 'eth', 'Ethereum', 2, 3_310, 0.24, 0.28),
  coin('tether', 'usdt', 'Tether', 3, 1, 0, 0.0006),
  coin('ripple', 'xrp', 'XRP', 4, 2.14, 0.2, 0.34),
  coin('binancecoin', 'bnb', 'BNB', 5, 872, 0.26, 0.24),
  coin('solana', 'sol', 'Solana', 6, 141, 0.35, 0.36),
  coin('usd-coin', 'usdc', 'USDC', 7, 1, 0, 0.0003),
  coin('dogecoin', 'doge', 'Dogecoin', 9, 0.1473, 0.1, 0.4),
  coin('cardano', 'ada', 'Cardano', 10, 0.4218, 0.05, 0.36),
  coin('chainlink', 'link', 'Chainlink', 14, 13.62, 0.18, 0.33),
  coin('litecoin', 'ltc', 'Litecoin', 21, 82.4, 0.06, 0.26),
  coin('monero', 'xmr', 'Monero', 24, 402, 0.3, 0.2),
  coin('polkadot', 'dot', 'Polkadot', 31, 2.27, -0.15, 0.34),
  coin('pepe', 'pepe', 'Pepe', 42, 0.000_004_71, -0.2, 0.5),
  coin('worthless-token', 'zero', 'Worthless Token', null, 0, 0, 0, 'worthless'),
  coin('silent-token', 'hush', 'Silent Token', null, 1, 0, 0, 'silent'),
  coin('tomorrow-token', 'tmrw', 'Tomorrow Token', null, 4.2, 0, 0.1, 'from-the-future'),
];

const NASDAQ: Exchange = { code: 'NMS', name: 'NASDAQ', timeZone: 'America/New_York', opens: 570, closes: 960 };
const NYSE: Exchange = { code: 'NYQ', name: 'NYSE', timeZone: 'America/New_York', opens: 570, closes: 960 };
const ARCA: Exchange = { code: 'PCX', name: 'NYSEArca', timeZone: 'America/New_York', opens: 570, closes: 960 };
const LONDON: Exchange = { code: 'LSE', name: 'London', timeZone: 'Europe/London', opens: 480, closes: 990 };
const XETRA: Exchange = { code: 'GER', name: 'XETRA', timeZone: 'Europe/Berlin', opens: 540, closes: 1050 };
const AMSTERDAM: Exchange = { code: 'AMS', name: 'Amsterdam', timeZone: 'Europe/Amsterdam', opens: 540, closes: 1050 };
const PARIS: Exchange = { code: 'PAR', name: 'Paris', timeZone: 'Europe/Paris', opens: 540, closes: 1050 };
const SWISS: Exchange = { code: 'EBS', name: 'Swiss', timeZone: 'Europe/Zurich', opens: 540, closes: 1050 };
const TOKYO: Exchange = { code: 'JPX', name: 'Tokyo', timeZone: 'Asia/Tokyo', opens: 540, closes: 930 };
const SYDNEY: Exchange = { code: 'ASX', name: 'ASX', timeZone: 'Australia/Sydney', opens: 600, closes: 960 };

const share = (
  symbol: string,
  name: string,
  kind: Share['kind'],
  exchange: Exchange,
  currency: string,
  level: number,
  yearlyDrift: number,
  swing: number,
  odd?: Share['odd'],
): Share => ({ symbol, name, kind, exchange, currency, level, yearlyDrift, swing, ...(odd ? { odd } : {}) });

export const SHARES: readonly Share[] = [
  share('AAPL', 'Apple Inc.', 'EQUITY', NASDAQ, 'USD', 262.4, 0.17, 0.1),
  share('MSFT', 'Microsoft Corporation', 'EQUITY', NASDAQ, 'USD', 478.2, 0.16, 0.09),
  share('NVDA', 'NVIDIA Corporation', 'EQUITY', NASDAQ, 'USD', 186.5, 0.35, 0.18),
  share('GOOGL', 'Alphabet Inc.', 'EQUITY', NASDAQ, 'USD', 309.1, 0.2, 0.12),
  share('AMZN', 'Amazon.com, Inc.', 'EQUITY', NASDAQ, 'USD', 231.7, 0.15, 0.11),
  share('META', 'Meta Platforms, Inc.', 'EQUITY', NASDAQ, 'USD', 658.9, 0.19, 0.13),
  share('TSLA', 'Tesla, Inc.', 'EQUITY', NASDAQ, 'USD', 449.7, 0.12, 0.24),
  share('JPM', 'JPMorgan Chase & Co.', 'EQUITY', NYSE, 'USD', 322.2, 0.14, 0.09),
  share('BRK-B', 'Berkshire Hathaway Inc.', 'EQUITY', NYSE, 'USD', 502.6, 0.1, 0.06),
  share('KO', 'The Coca-Cola Company', 'EQUITY', NYSE, 'USD', 69.9, 0.05, 0.05),
  share('SPY', 'SPDR S&P 500 ETF Trust', 'ETF', ARCA, 'USD', 683.2, 0.1, 0.06),
  share('VOO', 'Vanguard S&P 500 ETF', 'ETF', ARCA, 'USD', 628.3, 0.1, 0.06),
  share('VTI', 'Vanguard Total Stock Market Index Fund ETF', 'ETF', ARCA, 'USD', 336.3, 0.1, 0.06),
  share('GLD', 'SPDR Gold Shares', 'ETF', ARCA, 'USD', 396.3, 0.14, 0.07),
  share('VUSA.L', 'Vanguard S&P 500 UCITS ETF', 'ETF', LONDON, 'GBP', 96.8, 0.1, 0.06),
  share('SHEL.L', 'Shell plc', 'EQUITY', LONDON, 'GBp', 2741, 0.04, 0.08),
  share('OCDO.L', 'Ocado Group plc', 'EQUITY', LONDON, 'GBp', 234.6, -0.1, 0.2),
  share('SAP.DE', 'SAP SE', 'EQUITY', XETRA, 'EUR', 209.4, 0.11, 0.11),
  share('SIE.DE', 'Siemens Aktiengesellschaft', 'EQUITY', XETRA, 'EUR', 238.9, 0.12, 0.09),
  share('EUNL.DE', 'iShares Core MSCI World UCITS ETF', 'ETF', XETRA, 'EUR', 110.9, 0.09, 0.05),
  share('VWCE.DE', 'Vanguard FTSE All-World UCITS ETF', 'ETF', XETRA, 'EUR', 146.4, 0.09, 0.05),
  share('ASML.AS', 'ASML Holding N.V.', 'EQUITY', AMSTERDAM, 'EUR', 919.8, 0.16, 0.16),
  share('MC.PA', 'LVMH Moët Hennessy - Louis Vuitton', 'EQUITY', PARIS, 'EUR', 641.2, 0.02, 0.14),
  share('NESN.SW', 'Nestlé S.A.', 'EQUITY', SWISS, 'CHF', 78.4, -0.02, 0.06),
  share('7203.T', 'Toyota Motor Corporation', 'EQUITY', TOKYO, 'JPY', 3368, 0.1, 0.1),
  share('BHP.AX', 'BHP Group Limited', 'EQUITY', SYDNEY, 'AUD', 45.6, 0.04, 0.09),
  share('QUIET', 'Quiet Fund', 'ETF', NASDAQ, 'USD', 10, 0, 0.01, 'no-price'),
  share('GONE', 'Gone Industries', 'EQUITY', NYSE, 'USD', 5, 0, 0.1, 'delisted'),
];

const currency = (code: string, name: string, perEuro: number, swing = 0.035): Currency => ({
  code,
  name,
  perEuro,
  swing,
});

/** The European Central Bank's reference currencies; the euro is what they are measured against. */
export const CURRENCIES: readonly Currency[] = [
  currency('AUD', 'Australian Dollar', 1.7581),
  currency('BRL', 'Brazilian Real', 6.4364, 0.06),
  currency('CAD', 'Canadian Dollar', 1.6088),
  currency('CHF', 'Swiss Franc', 0.9314, 0.02),
  currency('CNY', 'Chinese Renminbi Yuan', 8.2262),
  currency('CZK', 'Czech Koruna', 24.237, 0.02),
  currency('DKK', 'Danish Krone', 7.4689, 0.0006),
  currency('GBP', 'British Pound', 0.8726, 0.02),
  currency('HKD', 'Hong Kong Dollar', 9.1465),
  currency('HUF', 'Hungarian Forint', 385.15, 0.04),
  currency('IDR', 'Indonesian Rupiah', 19_610, 0.05),
  currency('ILS', 'Israeli New Shekel', 3.7458, 0.05),
  currency('INR', 'Indian Rupee', 105.61, 0.04),
  currency('ISK', 'Icelandic Króna', 147.6, 0.03),
  currency('JPY', 'Japanese Yen', 184.09, 0.05),
  currency('KRW', 'South Korean Won', 1696.6, 0.05),
  currency('MXN', 'Mexican Peso', 21.118, 0.06),
  currency('MYR', 'Malaysian Ringgit', 4.7664),
  currency('NOK', 'Norwegian Krone', 11.843, 0.04),
  currency('NZD', 'New Zealand Dollar', 2.0429, 0.04),
  currency('PHP', 'Philippine Peso', 69.126),
  currency('PLN', 'Polish Złoty', 4.221, 0.02),
  currency('RON', 'Romanian Leu', 5.0985, 0.01),
  currency('SEK', 'Swedish Krona', 10.8215, 0.03),
  currency('SGD', 'Singapore Dollar', 1.5105),
  currency('THB', 'Thai Baht', 37.03, 0.04),
  currency('TRY', 'Turkish Lira', 50.484, 0.08),
  currency('USD', 'United States Dollar', 1.175, 0.035),
  currency('ZAR', 'South African Rand', 19.444, 0.06),
];

export const EURO = { code: 'EUR', name: 'Euro' } as const;
