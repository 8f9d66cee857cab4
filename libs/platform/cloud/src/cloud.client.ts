import { type Day, daysBetween } from '@scani/money';
import {
  outbound,
  type Outbound,
  type OutboundAnswer,
  OutboundError,
  outboundLines,
  type OutboundLines,
  type OutboundRequest,
  retrying,
} from '@scani/runtime';
import { columnsOf, documentOf, screenshotOf } from './ai.answers.js';
import type { AiColumns, AiDocument, AiScreenshot } from './ai.types.js';
import { balancesOf, chainsOf, movementsOf, resolvedNameOf, walletAnswersOf } from './chain.answers.js';
import type { Chain, ChainMovements, ResolvedName, WalletAnswer, WalletBalances, WalletRef } from './chain.types.js';
import { capabilitiesOf, historyLineOf, linkPreviewOf, matchesOf, pricesOf, type Prices } from './cloud.answers.js';
import { CloudError, type CloudErrorCode, CODE_OF_KEY_PROBLEM, isKeyProblem } from './cloud.error.js';
import type {
  AssetMatch,
  AssetRef,
  Capabilities,
  CloudMail,
  LinkPreview,
  PriceHistory,
  PriceQuote,
  WantedHistory,
} from './cloud.types.js';

import type { CloudScope } from './issued-key.js';

export interface CloudSettings {
  readonly url: string;
  /** Read for every call, so that it may change. */
  readonly apiKey: string;
}

export interface CloudLimits {
  /** One try of one call, milliseconds. */
  readonly timeoutMs: number;
  /** A call that a person waits for; tried once. */
  readonly personTimeoutMs: number;
  /** A model reads a picture or some pages; tried once, since it costs money. Longer than the data-provider waits for it. */
  readonly modelTimeoutMs: number;
  /** A whole answer that is read while it comes: the other side may have to ask for each of its parts, as slowly as it may. */
  readonly streamTimeoutMs: number;
  /** The longest that it may stop. */
  readonly quietMs: number;
  readonly maxBytes: number;
  /** Tries of a call that may be repeated. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  /** A longer wait than this is the caller's to organise. */
  readonly maxDelayMs: number;
}

export const CLOUD_LIMITS: CloudLimits = {
  timeoutMs: 30_000,
  personTimeoutMs: 12_000,
  modelTimeoutMs: 150_000,
  streamTimeoutMs: 900_000,
  quietMs: 60_000,
  maxBytes: 20_000_000,
  attempts: 3,
  firstDelayMs: 300,
  maxDelayMs: 5_000,
};

/** Assets in one request at most; longer lists are cut up. */
export const CLOUD_BATCH = 500;
/** The same of histories, and of the years that they reach back together: no key holds less an hour. */
const HISTORIES = 100;
const HISTORY_YEARS = 500;

/** Wallets in one request at most; longer lists are cut up. */
export const WALLET_BATCH = 50;

/** Speaks to a data-provider, local or hosted. Every failure is a CloudError. */
export class CloudClient {
  private readonly http: Outbound;
  private readonly quickHttp: Outbound;
  private readonly modelHttp: Outbound;
  private readonly lines: OutboundLines;

  constructor(
    private readonly settings: CloudSettings,
    private readonly limits: CloudLimits = CLOUD_LIMITS,
  ) {
    this.http = outbound({ timeoutMs: limits.timeoutMs, maxBytes: limits.maxBytes });
    this.quickHttp = outbound({ timeoutMs: limits.personTimeoutMs, maxBytes: limits.maxBytes });
    this.modelHttp = outbound({ timeoutMs: limits.modelTimeoutMs, maxBytes: limits.maxBytes });
    this.lines = outboundLines({
      timeoutMs: limits.streamTimeoutMs,
      quietMs: limits.quietMs,
      maxBytes: limits.maxBytes,
    });
  }

  /** Of the data-provider, for people. */
  get host(): string {
    return new URL(this.settings.url).host;
  }

  /** Newest prices. An asset comes back either among the prices or among the problems. */
  async currentPrices(assets: readonly AssetRef[], signal?: AbortSignal): Promise<Prices> {
    const all: Prices = { prices: [], problems: [] };
    for (let start = 0; start < assets.length; start += CLOUD_BATCH) {
      const batch = assets.slice(start, start + CLOUD_BATCH);
      const body = { assets: batch.map(sent) };
      const part = pricesOf(await this.ask({ path: '/v1/prices/current', body, signal }));
      all.prices.push(...withOwnIds(batch, part.prices));
      all.problems.push(...withOwnIds(batch, part.problems));
    }
    return all;
  }

  /** Daily closes of the days from `from` to `to`, oldest first; days without one are absent. Throws when no source could be asked. */
  async priceHistory(asset: AssetRef, from: Day, to: Day, signal?: AbortSignal): Promise<PriceQuote[]> {
    const body = { asset: sent(asset, 0), from, to };
    const answer = pricesOf(await this.ask({ path: '/v1/prices/history', body, signal }));
    return withOwnIds([asset], answer.prices);
  }

  /**
   * Daily closes of many assets in a handful of calls. Each is given to `take` once, as soon as it is known, one after the
   * other; what was not told because the line broke is asked again, within the limits of tries.
   */
  async priceHistories(
    wanted: readonly WantedHistory[],
    take: (asked: WantedHistory, history: PriceHistory) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    for (const batch of historyBatches(wanted)) {
      const open = new Set(batch);
      const told = async (asked: WantedHistory, history: PriceHistory): Promise<void> => {
        if (open.delete(asked)) await take(asked, history);
      };
      await this.patiently({ signal }, () => this.askHistories([...open], told, signal));
    }
  }

  /** Best match first. */
  async searchAssets(query: string, signal?: AbortSignal): Promise<AssetMatch[]> {
    return matchesOf(
      await this.ask({ path: `/v1/assets/search?query=${encodeURIComponent(query)}`, signal, quick: true }),
    );
  }

  /** Every chain that is known there, whether it is read now or not. */
  async chains(signal?: AbortSignal): Promise<Chain[]> {
    return chainsOf(await this.ask({ path: '/v1/chains', signal }));
  }

  /** What a wallet holds. `refused` (422) where there is no such chain, or the address is none of it. */
  async walletBalances(wallet: WalletRef, signal?: AbortSignal): Promise<WalletBalances> {
    return balancesOf(await this.ask({ path: '/v1/chains/balances', body: walletOf(wallet), signal }));
  }

  /** What many wallets hold, in their order; one that cannot be read does not hide the others. */
  async balancesOfWallets(wallets: readonly WalletRef[], signal?: AbortSignal): Promise<WalletAnswer[]> {
    const all: WalletAnswer[] = [];
    for (let start = 0; start < wallets.length; start += WALLET_BATCH) {
      const batch = wallets.slice(start, start + WALLET_BATCH);
      const body = { wallets: batch.map(walletOf) };
      all.push(...walletAnswersOf(await this.ask({ path: '/v1/chains/balances/batch', body, signal }), batch));
    }
    return all;
  }

  /** One page of what happened in a wallet; without a cursor from the beginning. `refused` where the cursor is not of this wallet. */
  async walletMovements(wallet: WalletRef, cursor: string | undefined, signal?: AbortSignal): Promise<ChainMovements> {
    const body = { ...walletOf(wallet), ...(cursor === undefined ? {} : { cursor }) };
    return movementsOf(await this.ask({ path: '/v1/chains/movements', body, signal }));
  }

  /** The address behind a name (`vitalik.eth`). `refused` with problem `name-unknown`, `bad-name` or `name-off-chain` where there is none. */
  async resolveName(name: string, signal?: AbortSignal): Promise<ResolvedName> {
    return resolvedNameOf(await this.ask({ path: '/v1/chains/names', body: { name }, signal, quick: true }));
  }

  /** What a public page says of itself. `refused` where it may not be fetched or is no page. */
  async previewLink(url: string, signal?: AbortSignal): Promise<LinkPreview> {
    return linkPreviewOf(await this.ask({ path: '/v1/link-previews', body: { url }, signal, quick: true }));
  }

  /** The positions that a picture (PNG, JPEG, WebP) shows. `refused` where it is no picture, or the model will not read it. */
  async readScreenshot(picture: Buffer, signal?: AbortSignal): Promise<AiScreenshot> {
    const body = { picture: picture.toString('base64') };
    return screenshotOf(await this.ask({ path: '/v1/ai/screenshot', body, signal, model: true }));
  }

  /** The movements that pages of text list; at most AI_MOST_PAGES of AI_LONGEST_PAGE characters. */
  async readDocument(pages: readonly string[], signal?: AbortSignal): Promise<AiDocument> {
    return documentOf(await this.ask({ path: '/v1/ai/document', body: { pages }, signal, model: true }));
  }

  /** Which column of a CSV holds what; null where no date or no amount was found. */
  async suggestColumns(
    heading: readonly string[],
    rows: readonly (readonly string[])[],
    signal?: AbortSignal,
  ): Promise<AiColumns | null> {
    const body = { heading, rows };
    return columnsOf(await this.ask({ path: '/v1/ai/column-mapping', body, signal, model: true }), heading.length);
  }

  /** Resolves when the mail server has taken the mail. Tried once: a second try could deliver it twice. */
  async sendMail(mail: CloudMail): Promise<void> {
    await this.ask({ path: '/v1/mail', body: mail, once: true });
  }

  async capabilities(signal?: AbortSignal): Promise<Capabilities> {
    return capabilitiesOf(await this.ask({ path: '/v1/capabilities', signal, quick: true }));
  }

  private async askHistories(
    wanted: readonly WantedHistory[],
    told: (asked: WantedHistory, history: PriceHistory) => Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const histories = wanted.map(({ asset, from, to }, at) => ({ asset: sent(asset, at), from, to }));
    let ended = false;
    const answer = await asCloud(
      this.lines(this.requestOf({ path: '/v1/prices/histories', body: { histories }, signal }), async (text) => {
        const line = historyLineOf(text);
        ended = line === 'end';
        if (line === 'end') return;
        const asked = wanted[Number(line.id)];
        if (!asked) return;
        const { id } = asked.asset;
        await told(asked, { ...line, id, prices: line.prices.map((price) => ({ ...price, id })) });
      }),
    );
    if (answer.status < 200 || answer.status > 299) throw errorOf(answer);
    if (!ended) throw new CloudError('failed', 'the answer of the data-provider was cut short');
  }

  private ask(call: Call): Promise<unknown> {
    const request = this.requestOf(call);
    const http = call.model ? this.modelHttp : call.quick ? this.quickHttp : this.http;
    return this.patiently({ ...call, once: call.once || call.model }, () => this.once(http, request));
  }

  private requestOf({ path, body, signal }: Call): OutboundRequest {
    return {
      url: this.settings.url + path,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${this.settings.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
      ourRoute: path.split('?')[0] ?? '',
      purpose: purposeOf(path),
    };
  }

  private patiently<T>({ signal, once, quick }: Omit<Call, 'path' | 'body'>, attempt: () => Promise<T>): Promise<T> {
    const { attempts, firstDelayMs, maxDelayMs } = this.limits;
    const policy = { attempts: once || quick ? 1 : attempts, firstDelayMs, maxDelayMs, signal, worth: worthAnotherTry };
    return asCloud(retrying(policy, attempt));
  }

  private async once(http: Outbound, request: OutboundRequest): Promise<unknown> {
    const answer = await asCloud(http(request));
    if (answer.status < 200 || answer.status > 299) throw errorOf(answer);
    if (answer.text === '') return {};
    try {
      return JSON.parse(answer.text) as unknown;
    } catch (cause) {
      throw new CloudError('failed', 'the data-provider did not answer with JSON', { status: answer.status, cause });
    }
  }
}

/** In the words of the scopes of keys. */
const PURPOSES: Readonly<Record<string, CloudScope>> = {
  prices: 'prices',
  assets: 'asset-search',
  chains: 'chain',
  ai: 'ai',
  'link-previews': 'previews',
  mail: 'mail',
};

const purposeOf = (path: string): string => {
  const [, , part = ''] = path.split(/[/?]/);
  return PURPOSES[part] ?? part;
};

interface Call {
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Tried once: a second try could do it twice. */
  readonly once?: boolean;
  /** A person waits. */
  readonly quick?: boolean;
  /** A model has to read. */
  readonly model?: boolean;
}

const asCloud = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw error instanceof OutboundError ? unreachable(error) : error;
  });

function historyBatches(wanted: readonly WantedHistory[]): WantedHistory[][] {
  const batches: WantedHistory[][] = [];
  let years = 0;
  for (const each of wanted) {
    const more = Math.ceil((daysBetween(each.from, each.to) + 1) / 366);
    const last = batches.at(-1);
    if (last && last.length < HISTORIES && years + more <= HISTORY_YEARS) {
      last.push(each);
      years += more;
    } else {
      batches.push([each]);
      years = more;
    }
  }
  return batches;
}

/** Whoever runs the other side learns which assets are priced, and no id by which two questions could be joined. */
const sent = ({ kind, symbol, identities }: AssetRef, at: number): AssetRef => ({
  id: String(at),
  kind,
  symbol,
  identities: identities.map(({ provider, externalId }) => ({ provider, externalId })),
});

/** Whoever runs the other side learns which addresses are looked at, and not whose they are. */
const walletOf = ({ chain, address }: WalletRef): WalletRef => ({ chain, address });

/** What was not asked for is not taken. */
const withOwnIds = <T extends { readonly id: string }>(asked: readonly AssetRef[], told: readonly T[]): T[] =>
  told.flatMap((each) => {
    const ref = asked[Number(each.id)];
    return ref ? [{ ...each, id: ref.id }] : [];
  });

const BY_STATUS: Readonly<Record<number, CloudErrorCode>> = {
  401: 'unauthorized',
  // The ceiling of a key is a limit like others: it ends with the month, or is raised.
  402: 'limited',
  403: 'forbidden',
  429: 'limited',
};

function errorOf(answer: OutboundAnswer): CloudError {
  const problem = problemOf(answer);
  const code = isKeyProblem(problem?.code) ? CODE_OF_KEY_PROBLEM[problem.code] : codeOf(answer.status);
  const retryAfterSeconds = secondsUntil(answer.header('retry-after'));
  return new CloudError(code, problem?.detail ?? `the data-provider answered ${answer.status}`, {
    status: answer.status,
    ...(problem ? { problem: problem.code } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

const codeOf = (status: number): CloudErrorCode =>
  BY_STATUS[status] ?? (status >= 500 || status < 400 ? 'failed' : 'refused');

/** Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). */
function secondsUntil(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1_000));
}

function problemOf(answer: OutboundAnswer): { code: string; detail: string } | undefined {
  if (!answer.header('content-type')?.startsWith('application/problem+json')) return undefined;
  try {
    const body = JSON.parse(answer.text) as { code?: unknown; detail?: unknown };
    return typeof body.code === 'string' && typeof body.detail === 'string'
      ? { code: body.code, detail: body.detail }
      : undefined;
  } catch {
    // a problem that cannot be read still has its status
    return undefined;
  }
}

const unreachable = (error: OutboundError): CloudError =>
  new CloudError('unreachable', `the data-provider: ${error.message}`, { cause: error });

/** What the other side lacks by its settings: it lacks it at the next try too. */
const NOT_CONFIGURED: ReadonlySet<string> = new Set(['mail-not-configured', 'chain-not-offered', 'chain-not-covered']);

/** What the other side refuses stays refused; what it lacks by configuration (it says so in `problem`) does too. */
function worthAnotherTry(error: unknown): 'no' | { afterMs: number } {
  if (!(error instanceof CloudError)) return 'no';
  if (error.about.cause instanceof OutboundError && error.about.cause.code === 'cancelled') return 'no';
  if (error.code === 'limited') return { afterMs: (error.retryAfterSeconds ?? 1) * 1000 };
  const passing = error.code === 'unreachable' || (error.code === 'failed' && !NOT_CONFIGURED.has(error.problem ?? ''));
  return passing ? { afterMs: (error.retryAfterSeconds ?? 0) * 1000 } : 'no';
}
