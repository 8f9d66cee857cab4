/** What applying a migration does to those who use the database meanwhile. */
export interface MigrationFacts {
  /**
   * `instant`: the size of the data does not matter. `scan`: a table that was there before is read or indexed while it is
   * locked. `rewrite`: such a table is written anew.
   */
  cost: 'instant' | 'scan' | 'rewrite';
  /** The strongest lock on each table that was there before, held until the migration has ended. */
  locks: Readonly<Record<string, LockMode>>;
  /** Tables whose rows it throws away, since they can be worked out again. */
  emptied?: readonly string[];
  /**
   * Only where something is taken away (contract): the oldest schema number that a running build may need afterwards.
   * What only adds (expand) leaves it as it was.
   */
  floor?: number;
}

export type LockMode =
  'ACCESS EXCLUSIVE' | 'EXCLUSIVE' | 'SHARE ROW EXCLUSIVE' | 'SHARE' | 'ROW EXCLUSIVE' | 'ROW SHARE';

const NONE: MigrationFacts = { cost: 'instant', locks: {} };
/** A foreign key to it was added. */
const REFERENCED = 'SHARE ROW EXCLUSIVE';
const CHANGED = 'ACCESS EXCLUSIVE';

/** By the name of the migration. A test applies each of them and compares. */
export const MIGRATION_FACTS: Readonly<Record<string, MigrationFacts>> = {
  CreateIdentity1795000000000: NONE,
  CreateMarket1795000001000: { cost: 'instant', locks: { users: REFERENCED } },
  CreateLedger1795000002000: { cost: 'instant', locks: { users: REFERENCED, asset: REFERENCED } },
  CreateRollup1795000003000: { cost: 'instant', locks: { users: REFERENCED } },
  CreateJobs1795000004000: { cost: 'instant', locks: { users: REFERENCED } },
  CreateImports1795000005000: { cost: 'instant', locks: { users: REFERENCED, account: REFERENCED } },
  AddCostBasis1795000006000: { cost: 'scan', locks: { users: CHANGED } },
  LinkTransfers1795000007000: {
    cost: 'scan',
    locks: { users: REFERENCED, asset_identity: CHANGED, transaction: REFERENCED },
  },
  AddCorporateActions1795000008000: { cost: 'scan', locks: { users: CHANGED, account: CHANGED, transaction: CHANGED } },
  StoreGains1795000009000: { cost: 'instant', locks: { users: REFERENCED } },
  RollUpByChange1795000010000: {
    cost: 'instant',
    locks: {
      users: REFERENCED,
      price: REFERENCED,
      transaction: REFERENCED,
      rollup: CHANGED,
      rollup_state: CHANGED,
      transfer_group: REFERENCED,
    },
    emptied: ['rollup'],
  },
  AddCorrections1795000011000: {
    cost: 'scan',
    locks: {
      users: REFERENCED,
      asset: REFERENCED,
      price: REFERENCED,
      holding: REFERENCED,
      transaction: CHANGED,
      observation: CHANGED,
      import: CHANGED,
    },
  },
  AddYieldsAndVaults1795000012000: { cost: 'instant', locks: { users: REFERENCED, holding: REFERENCED } },
  ChainSchedules1795000013000: { cost: 'instant', locks: { holding: CHANGED, job: REFERENCED } },
  KeepCanary1795000014000: NONE,
  TraceJobs1795000015000: { cost: 'instant', locks: { job: CHANGED } },
  IssueCloudKeys1795000016000: { cost: 'instant', locks: { users: REFERENCED, job: CHANGED } },
  SetPricesAside1795000017000: { cost: 'instant', locks: { asset: REFERENCED } },
  AddWallets1795000018000: { cost: 'instant', locks: { account: REFERENCED } },
  ImportPictures1795000019000: { cost: 'scan', locks: { import: CHANGED, asset: REFERENCED } },
  KeepEgress1795000020000: { cost: 'instant', locks: { users: REFERENCED } },
};
