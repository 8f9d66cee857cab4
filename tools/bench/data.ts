import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { generate } from './generate.mjs';

/** A portfolio in the database, as if it had been recorded. */
export interface Loaded {
  userId: string;
  email: string;
  transactions: number;
  /** What the whole portfolio was worth in EUR at the end of each day; floats. */
  expected: Map<string, number>;
  statements: Record<number, string>;
}

export interface Size {
  tx: number;
  seed: number;
  days: number;
}

const DAY_MS = 86_400_000;
export const today = (): string => new Date().toISOString().slice(0, 10);
const yesterday = (): string => new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);

/** The same name is the same id, within one portfolio. */
const idOf = (space: string, name: string): string => {
  const hex = createHash('sha256').update(`${space}:${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const rowsOf = (csv: string | undefined): string[][] =>
  (csv ?? '')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

const INSTITUTION_KINDS: Record<string, string> = {
  bank: 'bank',
  broker: 'broker',
  exchange: 'exchange',
  wallet: 'wallet',
};

/** Generates and copies in; prices end yesterday, so that there is a day to come. */
export async function load(url: string, name: string, size: Size): Promise<Loaded> {
  const files = generate({ ...size, end: yesterday() });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await new Loading(client, name, files).run();
  } finally {
    await client.end();
  }
}

class Loading {
  private readonly assets = new Map<string, string>();
  private readonly userId: string;
  private readonly client: pg.Client;
  private readonly name: string;
  private readonly files: Record<string, string>;

  constructor(client: pg.Client, name: string, files: Record<string, string>) {
    [this.client, this.name, this.files] = [client, name, files];
    this.userId = idOf(name, 'user');
  }

  async run(): Promise<Loaded> {
    const email = `${this.name}@example.test`;
    await this.client.query(
      `insert into users (id, email, role, base_currency) values ($1, $2, 'owner', 'EUR') on conflict do nothing`,
      [this.userId, email],
    );
    await this.loadAssets();
    await this.loadPrices();
    await this.loadAccounts();
    const transactions = await this.loadTransactions();
    await this.client.query('analyze');
    const expected = rowsOf(this.files['expected_daily_value']).map(([day, value]) => [day, Number(value)] as const);
    return {
      userId: this.userId,
      email,
      transactions,
      expected: new Map(expected.map(([day = '', value]) => [day, value])),
      statements: Object.fromEntries(
        [1_000, 10_000, 50_000].map((rows) => [rows, this.files[`bank_statement_${rows}`] ?? '']),
      ),
    };
  }

  private async copy(table: string, columns: string, lines: Iterable<string>): Promise<void> {
    const chunks = function* (): Generator<string> {
      let chunk = '';
      for (const line of lines) {
        chunk += `${line}\n`;
        if (chunk.length < 262_144) continue;
        yield chunk;
        chunk = '';
      }
      yield chunk;
    };
    const into = this.client.query(copyFrom(`copy ${table} (${columns}) from stdin with (format csv)`));
    await pipeline(Readable.from(chunks(), { objectMode: false }), into);
  }

  /** Shares and coins are assets that everybody sees; their names say whose they are, so that portfolios do not meet. */
  private async loadAssets(): Promise<void> {
    const { rows } = await this.client.query<{ symbol: string; id: string }>(
      `select symbol, id from asset where kind = 'fiat' and user_id is null`,
    );
    const known = new Map(rows.map((row) => [row.symbol, row.id]));
    const tokens = rowsOf(this.files['tokens']);
    for (const [id = '', , , kind] of tokens)
      this.assets.set(id, kind === 'fiat' ? (known.get(id) ?? '') : idOf(this.name, id));
    const own = tokens.filter(([, , , kind]) => kind !== 'fiat');
    await this.copy(
      'asset',
      'id, symbol, name, kind, market_segment, decimals',
      own.map(([id = '', symbol, name, kind, , decimals]) =>
        [this.assets.get(id), symbol, name, kind, this.name, decimals].join(','),
      ),
    );
    await this.copy(
      'asset_identity',
      'asset_id, provider, external_id',
      own.map(([id = '']) => [this.assets.get(id), 'bench', `${this.name}-${id}`].join(',')),
    );
  }

  private async loadPrices(): Promise<void> {
    const { assets } = this;
    const row = (asset: string, quote: string, day: string, value: string): string =>
      `${assets.get(asset)},${assets.get(quote)},${day}T00:00:00Z,daily,${value},bench`;
    const prices = rowsOf(this.files['prices']).map(([token = '', day = '', close = '', quote = '']) =>
      row(token, quote, day, close),
    );
    const fx = rowsOf(this.files['fx']).map(([currency = '', day = '', rate = '']) => row('USD', currency, day, rate));
    await this.client.query(`delete from price where source = 'bench' and asset_id = $1`, [assets.get('USD')]);
    // The rates of the data are the only ones: none are fetched beside them.
    await this.client.query(
      `insert into price_watch (asset_id, wanted_from, asked_from, asked_to)
       select id, '1970-01-01', '1970-01-01', '2999-01-01' from asset where kind = 'fiat' on conflict do nothing`,
    );
    await this.copy('price', 'asset_id, quote_asset_id, at, granularity, value, source', [...prices, ...fx]);
  }

  private async loadAccounts(): Promise<void> {
    const accounts = rowsOf(this.files['accounts']);
    const institutions = new Map(accounts.map(([, , name = '', kind = '']) => [name, INSTITUTION_KINDS[kind]]));
    await this.copy(
      'institution',
      'id, user_id, name, kind',
      [...institutions].map(([name, kind]) => [idOf(this.name, `i:${name}`), this.userId, name, kind].join(',')),
    );
    await this.copy(
      'account',
      'id, user_id, institution_id, name, kind, currency',
      accounts.map(([id, , institution, , name, currency]) =>
        [
          idOf(this.name, `a:${id}`),
          this.userId,
          idOf(this.name, `i:${institution}`),
          name,
          'asset',
          currency || 'EUR',
        ].join(','),
      ),
    );
    await this.copy(
      'holding',
      'id, user_id, account_id, asset_id, balance, balance_at',
      rowsOf(this.files['holdings']).map(([id, account, token = '', balance, first]) =>
        [
          idOf(this.name, `h:${id}`),
          this.userId,
          idOf(this.name, `a:${account}`),
          this.assets.get(token),
          balance,
          first,
        ].join(','),
      ),
    );
  }

  private async loadTransactions(): Promise<number> {
    const rows = rowsOf(this.files['transactions']);
    await this.copy(
      'transaction',
      'id, user_id, holding_id, kind, quantity, occurred_at, price, price_asset_id, fee, fee_asset_id, description, source, external_id',
      rows.map(([id = '', holding, , , at, kind, quantity, price, currency = '', fee, feeCurrency = '', memo]) =>
        [
          idOf(this.name, id),
          this.userId,
          idOf(this.name, `h:${holding}`),
          kind,
          quantity,
          at,
          price,
          currency && this.assets.get(currency),
          fee,
          feeCurrency && this.assets.get(feeCurrency),
          memo,
          'bench',
          id,
        ].join(','),
      ),
    );
    return rows.length;
  }
}
