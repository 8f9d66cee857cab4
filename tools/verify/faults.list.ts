import type { Way } from './proxy.ts';

export type PartName = 'Postgres' | 'Redis' | 'S3' | 'mail' | 'data-provider';

/** What the contract promises while a part is lost, and after its return; nothing is ever restarted. */
export interface Fault {
  part: PartName;
  fault: string;
  /** In words, for the table. */
  promised: string;
  lasts: number;
  begin(world: World): Promise<void>;
  end(world: World): Promise<void>;
  /** Of /readyz, within two periods of a kubelet. */
  api: { status: 200 | 503; part?: string; state?: 'degraded' | 'down' | 'ok' };
  worker: { status: 200 | 503 };
  /** What people at work may be told. */
  answers: 'all well' | 'well or database-away';
  /** No answer takes longer. */
  answerWithinMs: number;
  backWithinMs: { api: number; worker: number };
  /** More that is promised; what it returns is shown, what it throws is a broken promise. */
  also?(world: World): Promise<string>;
  alsoAfter?(world: World): Promise<string>;
}

export interface World {
  way(part: PartName, way: Way): Promise<void>;
  stop(part: PartName): Promise<void>;
  /** Again, with the data that it had. */
  start(part: PartName): Promise<void>;
  /** The process and all its children stand still. */
  freeze(part: PartName): void;
  thaw(part: PartName): void;
  flushRedis(): Promise<void>;
  emptyStore(): void;
  /** Each of these throws when it does not go as it must. */
  deeds: {
    challenge(): Promise<string>;
    signIn(): Promise<string>;
    upload(): Promise<string>;
    uploadRefused(...codes: string[]): Promise<string>;
    sentBefore(...codes: string[]): Promise<string>;
    /** Says that it cannot be had. */
    search(): Promise<string>;
    /** Finds something. */
    found(): Promise<string>;
    /** The last of these searches is in the ledger of egress. */
    told(): Promise<string>;
  };
}

const PERIODS_MS = 10_000;
const WELL = { answers: 'all well', api: { status: 200 }, worker: { status: 200 } } as const;
const QUICK = { answerWithinMs: 8_000, backWithinMs: { api: PERIODS_MS, worker: PERIODS_MS } } as const;
const AWAY = {
  answers: 'well or database-away',
  api: { status: 503, part: 'postgres', state: 'down' },
  worker: { status: 503 },
} as const;
const NO_REDIS = {
  answers: 'all well',
  api: { status: 200, part: 'redis', state: 'degraded' },
  worker: { status: 503 },
  also: async (world: World) => `${await world.deeds.challenge()}; ${await world.deeds.found()}`,
  alsoAfter: async (world: World) => `${await world.deeds.signIn()}; ${await world.deeds.told()}`,
} as const;
const NO_STORE = {
  ...WELL,
  also: (world: World) => world.deeds.uploadRefused('unreachable'),
  alsoAfter: (world: World) => world.deeds.upload(),
};

const way = (part: PartName, during: Way) => ({
  begin: (world: World) => world.way(part, during),
  end: (world: World) => world.way(part, 'open'),
});
const stopped = (part: PartName) => ({
  begin: (world: World) => world.stop(part),
  end: (world: World) => world.start(part),
});
const frozen = (part: PartName) => ({
  begin: async (world: World) => world.freeze(part),
  end: async (world: World) => world.thaw(part),
});

export const faults: readonly Fault[] = [
  {
    part: 'Postgres',
    fault: 'stopped, started',
    promised: 'api and worker 503; requests 503 database-away at once; all back in 2 periods',
    lasts: 8_000,
    ...stopped('Postgres'),
    ...AWAY,
    ...QUICK,
  },
  {
    part: 'Postgres',
    fault: 'frozen',
    promised: 'api and worker 503; requests wait at most 36 s, then 503 database-away; all back in 2 periods',
    lasts: 14_000,
    ...frozen('Postgres'),
    ...AWAY,
    answerWithinMs: 36_000,
    backWithinMs: QUICK.backWithinMs,
  },
  {
    part: 'Postgres',
    fault: 'network drops packets',
    promised: 'as frozen; connections are given up after 30 s (api), 2 min (worker)',
    lasts: 14_000,
    ...way('Postgres', 'silent'),
    ...AWAY,
    answerWithinMs: 36_000,
    backWithinMs: { api: 45_000, worker: 135_000 },
  },
  {
    part: 'Postgres',
    fault: 'connections reset',
    promised: 'what was on its way 503 database-away; back in 2 periods',
    lasts: 100,
    ...way('Postgres', 'gone'),
    ...WELL,
    answers: 'well or database-away',
    ...QUICK,
  },
  {
    part: 'Postgres',
    fault: '+300 ms',
    promised: 'all ready, all requests well',
    lasts: 8_000,
    ...way('Postgres', 'slow'),
    ...WELL,
    answerWithinMs: 20_000,
    backWithinMs: QUICK.backWithinMs,
  },
  {
    part: 'Redis',
    fault: 'killed, started empty',
    promised:
      'api 200 degraded, worker 503; every request well; searches find; sign-in mail and ledger of egress after its return',
    lasts: 8_000,
    ...stopped('Redis'),
    ...NO_REDIS,
    ...QUICK,
  },
  {
    part: 'Redis',
    fault: 'flushed',
    promised: 'nobody notices; jobs on their way are done',
    lasts: 1_000,
    begin: (world) => world.flushRedis(),
    end: async () => undefined,
    ...WELL,
    ...QUICK,
    alsoAfter: (world) => world.deeds.signIn(),
  },
  {
    part: 'Redis',
    fault: 'frozen',
    promised: 'as killed',
    lasts: 12_000,
    ...frozen('Redis'),
    ...NO_REDIS,
    ...QUICK,
  },
  {
    part: 'Redis',
    fault: 'network drops packets',
    promised: 'as killed; the worker gives its connections up after 30 s',
    lasts: 12_000,
    ...way('Redis', 'silent'),
    ...NO_REDIS,
    answerWithinMs: QUICK.answerWithinMs,
    backWithinMs: { api: PERIODS_MS, worker: 60_000 },
  },
  {
    part: 'S3',
    fault: 'stopped, started',
    promised: 'all ready, all but files works; an import says storage-unreachable',
    lasts: 4_000,
    ...stopped('S3'),
    ...NO_STORE,
    ...QUICK,
  },
  {
    part: 'S3',
    fault: 'network drops packets',
    promised: 'as stopped, said within 10 s',
    lasts: 2_000,
    ...way('S3', 'silent'),
    ...NO_STORE,
    ...QUICK,
  },
  {
    part: 'S3',
    fault: 'emptied',
    promised: 'all but originals works; a file that was lost is asked for again',
    lasts: 1_000,
    begin: async (world) => world.emptyStore(),
    end: async () => undefined,
    ...WELL,
    ...QUICK,
    also: (world) => world.deeds.sentBefore('upload-incomplete'),
    alsoAfter: (world) => world.deeds.upload(),
  },
  {
    part: 'mail',
    fault: 'server down, up',
    promised: 'all ready; sign-in is accepted, its mail comes after the return',
    lasts: 6_000,
    ...stopped('mail'),
    ...WELL,
    ...QUICK,
    also: (world) => world.deeds.challenge(),
    alsoAfter: (world) => world.deeds.signIn(),
  },
  {
    part: 'data-provider',
    fault: 'killed, started',
    promised: 'all ready; search says so; mail comes after the return',
    lasts: 6_000,
    ...stopped('data-provider'),
    ...WELL,
    ...QUICK,
    also: async (world) => `${await world.deeds.search()}; ${await world.deeds.challenge()}`,
    alsoAfter: (world) => world.deeds.signIn(),
  },
  {
    part: 'data-provider',
    fault: 'network drops packets',
    promised: 'all ready; search says so within 12 s',
    lasts: 1_000,
    ...way('data-provider', 'silent'),
    ...WELL,
    ...QUICK,
    also: (world) => world.deeds.search(),
    alsoAfter: (world) => world.deeds.signIn(),
  },
];
