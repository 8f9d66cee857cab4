import { type Decimal, decimal, ZERO } from '@scani/money';

/** What is known of a token that somebody may have sent unasked. */
export interface TokenFacts {
  /** As the contract says; anybody can write anything there. */
  symbol: string;
  name: string;
  /** A source of prices names this very contract as a coin that it lists. */
  listed: boolean;
  /** Some source of prices has said what it costs. */
  priced: boolean;
  /** Some holder has sent it on, or got it by a transaction of their own. */
  wanted: boolean;
}

/** Each alone is above the limit of what is counted (SCAM_LIMIT), in the order of how sure it is. */
const LINK = decimal('0.95');
const INVITATION = decimal('0.8');
const IMPERSONATION = decimal('0.6');
const UNASKED = decimal('0.4');
/** From here on nobody is asked for its price: what it says of itself stays said. */
export const SURE_SCAM = INVITATION;

/** An address to go to: what tokens that are worth something do not have in their name. Dots stand for their look-alikes. */
const LINKS =
  /https?:|www\.|\bt\.me\b|\bt\.ly\b|discord\.|[\p{L}\p{N}-]\.(com|net|org|io|xyz|app|site|top|vip|gift|live|finance|fi|club|info|online|pro|cc|me|us|eu|ru|cash|fund|farm|dev|ly|to|lol|events?|claims?)\b/u;
const INVITATIONS =
  /\b(visit|claim|claims|claimable|redeem|reward|rewards|airdrop|airdrops|bonus|voucher|giveaway|gift|eligible|whitelist|free|winner|mint now|swap at)\b|[$€£]\s?\d/u;

/** What people would take a look-alike for. */
const WELL_KNOWN: ReadonlySet<string> = new Set(
  (
    'BTC WBTC CBBTC ETH WETH STETH WSTETH RETH CBETH USDT USDC DAI USDS PYUSD FDUSD TUSD BUSD FRAX EURC EURS BNB WBNB SOL WSOL ' +
    'TRX TON XRP ADA DOGE SHIB PEPE LINK UNI AAVE MKR LDO ARB OP POL MATIC WMATIC AVAX WAVAX DOT LTC BCH ATOM NEAR'
  ).split(' '),
);

/** Letters of other scripts, and digits, that look like Latin ones (of Unicode's confusables.txt those in use for this). */
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map(
  (
    'АA ВB ЕE НH ІI ЈJ КK МM ОO РP ЅS СC ТT ХX УY ԌG ԚQ ԜW ҮY ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ՏS ՍU ႽS ᎪA ᏴB ᏟC ᎠD ' +
    'ᎬE ᎻH ᎫJ ᏦK ᏞL ᎷM ᏢP ᎡR ᏚS ᎢT ᏙV ᎳW ᏃZ ꓐB ꓚC ꓓD ꓰE ꓝF ꓖG ꓧH ꓲI ꓙJ ꓗK ꓡL ꓟM ꓠN ꓳO ꓑP ꓣR ꓢS ꓔT ꓴU ꓦV ꓪW ꓫX ꓬY ꓜZ 0O 1I ₮T ₿B'
  )
    .split(' ')
    .map((pair) => [[...pair][0] as string, [...pair][1] as string]),
);

/** Compatibility forms, accents, invisible characters and look-alikes taken away: two words of one skeleton look the same. */
export function skeletonOf(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(/[\p{M}\p{Cf}\p{Z}\p{Cc}\p{P}]/gu, '');
  return [...plain.toUpperCase()].map((letter) => LOOKS_LIKE.get(letter) ?? letter).join('');
}

/**
 * How likely a token is one of those that are sent out to lure people, from 0 to 1. One that a source of prices lists by its
 * contract is none. Of the others: who names a link is, and who invites to something; who bears the symbol of a well-known
 * asset, or one that looks like it, is until somebody says what it costs; and who only ever came unasked is not counted either,
 * until then or until somebody has used it.
 */
export function scamProbability({ symbol, name, listed, priced, wanted }: TokenFacts): Decimal {
  if (listed) return ZERO;
  const said = `${symbol}\n${name}`
    .normalize('NFKD')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[․。｡]/gu, '.')
    .toLowerCase();
  if (LINKS.test(said)) return LINK;
  if (INVITATIONS.test(said)) return INVITATION;
  if (priced) return ZERO;
  if (WELL_KNOWN.has(skeletonOf(symbol))) return IMPERSONATION;
  return wanted ? ZERO : UNASKED;
}

const LONGEST_SYMBOL = 20;
const LONGEST_NAME = 120;

/** A foreign name as it may be shown: no control, direction or invisible characters, one line, of bounded length. */
export function shownName(text: string, longest = LONGEST_NAME): string {
  const clean = text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu, '')
    .replaceAll(/\p{M}{3,}/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  return [...clean].slice(0, longest).join('').trim();
}

/** The same for what stands before amounts. Never empty. */
export const shownSymbol = (text: string): string => shownName(text, LONGEST_SYMBOL) || '?';
