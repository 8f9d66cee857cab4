import { Injectable } from '@nestjs/common';
import type { Chain as CloudChain } from '@scani/cloud';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { JobQueue } from '@scani/jobs';
import { AccountsService } from '@scani/ledger';
import { Conflict, Invalid, NotFound, Unavailable } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import { syncWallet } from '../sync-wallet.job.js';
import { AddressLookUp, type FoundAddress } from './address.look-up.js';
import { Chains } from './chains.js';
import { WalletQueries } from './wallet.queries.js';
import type { Chain, ChainList, CreateWallets, Wallet, WalletAddress } from './wallets.dto.js';

type Place = FoundAddress['places'][number];

interface FormerRow {
  id: string;
  chain: string;
  account_id: string;
  institution_id: string;
  stopped_at: Date | null;
}

const ENDS = 6;
/** Each is looked at every hour, on the operator's account. */
const MOST_WALLETS = 200;

/** Addresses on chains that people follow. */
@Injectable()
export class WalletsService {
  constructor(
    private readonly source: DataSource,
    private readonly known: Chains,
    private readonly addresses: AddressLookUp,
    private readonly queries: WalletQueries,
    private readonly accounts: AccountsService,
    private readonly jobs: JobQueue,
  ) {}

  list(userId: string): Promise<Wallet[]> {
    return this.queries.list(this.source, userId);
  }

  get(userId: string, id: string): Promise<Wallet> {
    return this.queries.get(this.source, userId, id);
  }

  /** That nobody can be asked is an answer: what is followed already is shown all the same. */
  async chains(): Promise<ChainList> {
    try {
      return { items: (await this.known.list()).map(chainOf), unavailable: null };
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return { items: [], unavailable: error.detail };
    }
  }

  async lookUp(userId: string, text: string): Promise<WalletAddress> {
    const { name, places, problem } = await this.addresses.find(text);
    const rows = await rowsOf<{ id: string; chain: string; address: string }>(
      this.source,
      `select id, chain, address from wallet where user_id = $1 and stopped_at is null
         and (chain, address) in (select * from unnest($2::text[], $3::text[]))`,
      [userId, places.map(({ chain }) => chain.id), places.map(({ address }) => address)],
    );
    const followed = new Map(rows.map((row) => [`${row.chain} ${row.address}`, row.id]));
    return {
      name,
      problem,
      places: places.map(({ chain, address }) => ({
        chain: chainOf(chain),
        address,
        walletId: followed.get(`${chain.id} ${address}`) ?? null,
      })),
    };
  }

  /**
   * Begins to follow an address on each of these chains, in accounts of their own that stand together as one wallet. One that was
   * followed before goes on where it was left, in the account that it had.
   */
  async add(userId: string, wanted: CreateWallets): Promise<Wallet[]> {
    const chains = await this.wantedChains(wanted.chains);
    const found = await this.addresses.find(wanted.address);
    if (found.problem !== null) throw badAddress(found.problem, found.problem);
    const places = chains.map((chain) => {
      const place = found.places.find((one) => one.chain.id === chain.id);
      if (place) return place;
      throw badAddress(
        `This is no address of ${chain.name}. It is one of ${found.places.map((one) => one.chain.name).join(', ')}.`,
        `is no address of ${chain.name}`,
      );
    });
    const ids = await this.source.transaction((db) => this.follow(db, userId, places, found.name, wanted.name?.trim()));
    return Promise.all(ids.map((id) => this.get(userId, id)));
  }

  async rename(userId: string, id: string, name: string): Promise<Wallet> {
    const { accountId } = await this.get(userId, id);
    await this.accounts.update(userId, accountId, { name: name.trim() });
    return this.get(userId, id);
  }

  async stop(userId: string, id: string): Promise<void> {
    const row = await rowOf(
      this.source,
      'update wallet set stopped_at = now(), problem = null where id = $1 and user_id = $2 and stopped_at is null returning id',
      [id, userId],
    );
    if (!row) throw new NotFound('wallet-not-found', 'There is no such wallet.');
  }

  /** Asked for twice while one waits it is one. */
  async sync(userId: string, id: string): Promise<Wallet> {
    await this.get(userId, id);
    await this.source.transaction(async (db) => {
      await db.query('update wallet set problem = null where id = $1 and user_id = $2', [id, userId]);
      await this.jobs.ask(db, syncWallet, { walletId: id, userId }, { userId });
    });
    return this.get(userId, id);
  }

  private async wantedChains(ids: readonly string[]): Promise<CloudChain[]> {
    const known = await this.known.list();
    return ids.map((id, at) => {
      const chain = known.find((one) => one.id === id);
      const pointer = `/chains/${at}`;
      if (!chain) {
        throw new Invalid('unknown-chain', `There is no chain ${id} that Scani can read.`, [
          { pointer, detail: 'must be the id of a chain of the list' },
        ]);
      }
      if (chain.offered) return chain;
      throw new Invalid('chain-not-offered', missingOf(chain), [{ pointer, detail: 'is not offered here' }]);
    });
  }

  private async follow(
    db: Db,
    userId: string,
    places: readonly Place[],
    publicName: string | null,
    name: string | undefined,
  ): Promise<string[]> {
    // One after the other, or several at once would be more than are allowed.
    await db.query('select 1 from users where id = $1 for no key update', [userId]);
    const former = await rowsOf<FormerRow>(
      db,
      `select wallet.id, wallet.chain, wallet.account_id, wallet.stopped_at, account.institution_id
       from wallet join account on account.id = wallet.account_id
       where wallet.user_id = $1 and wallet.address = any($2) order by wallet.id for update of wallet`,
      [userId, places.map(({ address }) => address)],
    );
    await this.refuseTooMany(db, userId, places.length);
    const address = places[0]?.address ?? '';
    const institutionId =
      (name === undefined ? former[0]?.institution_id : undefined) ??
      (await this.institution(db, userId, name ?? publicName ?? shortOf(address)));
    const ids: string[] = [];
    for (const place of places) {
      const before = former.find((row) => row.chain === place.chain.id);
      if (before && before.stopped_at === null) throw exists(place);
      ids.push(
        before
          ? await this.again(db, userId, before)
          : await this.make(db, userId, place, { institutionId, publicName }),
      );
    }
    for (const walletId of ids) await this.jobs.ask(db, syncWallet, { walletId, userId }, { userId });
    return ids;
  }

  private async refuseTooMany(db: Db, userId: string, more: number): Promise<void> {
    const row = await rowOf<{ followed: number }>(
      db,
      'select count(*)::int as followed from wallet where user_id = $1 and stopped_at is null',
      [userId],
    );
    if ((row?.followed ?? 0) + more <= MOST_WALLETS) return;
    throw new Invalid(
      'too-many-wallets',
      `At most ${MOST_WALLETS} wallets can be followed. Stop following some first.`,
      [{ pointer: '/chains', detail: `would be more than ${MOST_WALLETS} wallets` }],
    );
  }

  /** Its account may have been archived when it was put away. */
  private async again(db: Db, userId: string, { id, account_id: accountId }: FormerRow): Promise<string> {
    await this.accounts.change(db, userId, accountId, { archived: false });
    await db.query('update wallet set stopped_at = null where id = $1', [id]);
    return id;
  }

  private async institution(db: Db, userId: string, name: string): Promise<string> {
    const { id, kind } = await this.accounts.createInstitution(db, userId, { name, kind: 'wallet' });
    if (kind === 'wallet') return id;
    throw new Invalid('name-taken', `${name} is the name of something else of yours. Give the wallet another one.`, [
      { pointer: '/name', detail: 'is the name of another institution of yours' },
    ]);
  }

  private async make(
    db: Db,
    userId: string,
    { chain, address }: Place,
    { institutionId, publicName }: { institutionId: string; publicName: string | null },
  ): Promise<string> {
    const user = await rowOf<{ base_currency: string }>(db, 'select base_currency from users where id = $1', [userId]);
    const same = await rowOf(db, 'select 1 from account where institution_id = $1 and user_id = $2 and name = $3', [
      institutionId,
      userId,
      chain.name,
    ]);
    const accountId = await this.accounts.open(db, userId, {
      name: same ? `${chain.name} ${shortOf(address)}` : chain.name,
      kind: 'asset',
      currency: user?.base_currency ?? 'EUR',
      institutionId,
    });
    const row = await rowOf<{ id: string }>(
      db,
      `insert into wallet (id, user_id, account_id, chain, chain_name, explorer, address, name)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (user_id, chain, address) do nothing returning id`,
      [randomUUIDv7(), userId, accountId, chain.id, chain.name, chain.explorer, address, publicName],
    );
    if (row) return row.id;
    throw exists({ chain, address });
  }
}

const exists = ({ chain }: Place): Conflict =>
  new Conflict('wallet-exists', `You follow this address on ${chain.name} already.`, { chain: chain.id });

const badAddress = (sentence: string, detail: string): Invalid =>
  new Invalid('bad-address', sentence, [{ pointer: '/address', detail }]);

/** As people compare them. */
const shortOf = (address: string): string =>
  address.length > 2 * ENDS + 1 ? `${address.slice(0, ENDS)}…${address.slice(-ENDS)}` : address;

const missingOf = ({ name }: CloudChain): string =>
  `${name} is not read here yet: whoever runs the data-provider has to set the key of its source there.`;

const chainOf = (chain: CloudChain): Chain => ({
  id: chain.id,
  name: chain.name,
  family: chain.family,
  symbol: chain.native.symbol,
  offered: chain.offered,
  missing: chain.offered ? null : missingOf(chain),
});
