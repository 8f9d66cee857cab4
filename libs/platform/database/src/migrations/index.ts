import { CreateIdentity1795000000000 } from './1795000000000-create-identity.js';
import { CreateMarket1795000001000 } from './1795000001000-create-market.js';
import { CreateLedger1795000002000 } from './1795000002000-create-ledger.js';
import { CreateRollup1795000003000 } from './1795000003000-create-rollup.js';
import { CreateJobs1795000004000 } from './1795000004000-create-jobs.js';
import { CreateImports1795000005000 } from './1795000005000-create-imports.js';
import { AddCostBasis1795000006000 } from './1795000006000-add-cost-basis.js';
import { LinkTransfers1795000007000 } from './1795000007000-link-transfers.js';
import { AddCorporateActions1795000008000 } from './1795000008000-add-corporate-actions.js';
import { StoreGains1795000009000 } from './1795000009000-store-gains.js';
import { RollUpByChange1795000010000 } from './1795000010000-roll-up-by-change.js';
import { AddCorrections1795000011000 } from './1795000011000-add-corrections.js';
import { AddYieldsAndVaults1795000012000 } from './1795000012000-add-yields-and-vaults.js';
import { ChainSchedules1795000013000 } from './1795000013000-chain-schedules.js';
import { KeepCanary1795000014000 } from './1795000014000-keep-canary.js';
import { TraceJobs1795000015000 } from './1795000015000-trace-jobs.js';
import { IssueCloudKeys1795000016000 } from './1795000016000-issue-cloud-keys.js';
import { SetPricesAside1795000017000 } from './1795000017000-set-prices-aside.js';
import { AddWallets1795000018000 } from './1795000018000-add-wallets.js';
import { ImportPictures1795000019000 } from './1795000019000-import-pictures.js';
import { KeepEgress1795000020000 } from './1795000020000-keep-egress.js';

/** All migrations, in order. A released one is never edited; the schema's number is the length of this list. */
export const migrations = [
  CreateIdentity1795000000000,
  CreateMarket1795000001000,
  CreateLedger1795000002000,
  CreateRollup1795000003000,
  CreateJobs1795000004000,
  CreateImports1795000005000,
  AddCostBasis1795000006000,
  LinkTransfers1795000007000,
  AddCorporateActions1795000008000,
  StoreGains1795000009000,
  RollUpByChange1795000010000,
  AddCorrections1795000011000,
  AddYieldsAndVaults1795000012000,
  ChainSchedules1795000013000,
  KeepCanary1795000014000,
  TraceJobs1795000015000,
  IssueCloudKeys1795000016000,
  SetPricesAside1795000017000,
  AddWallets1795000018000,
  ImportPictures1795000019000,
  KeepEgress1795000020000,
];

/** The schema that this build needs. */
export const REQUIRED_SCHEMA = migrations.length;
