import { CreateIdentity1795000000000 } from './1795000000000-create-identity.js';
import { CreateMarket1795000001000 } from './1795000001000-create-market.js';
import { CreateLedger1795000002000 } from './1795000002000-create-ledger.js';
import { CreateRollup1795000003000 } from './1795000003000-create-rollup.js';
import { CreateJobs1795000004000 } from './1795000004000-create-jobs.js';
import { CreateImports1795000005000 } from './1795000005000-create-imports.js';
import { AddCostBasis1795000006000 } from './1795000006000-add-cost-basis.js';

/** All migrations, in order. A released one is never edited; the schema's number is the length of this list. */
export const migrations = [
  CreateIdentity1795000000000,
  CreateMarket1795000001000,
  CreateLedger1795000002000,
  CreateRollup1795000003000,
  CreateJobs1795000004000,
  CreateImports1795000005000,
  AddCostBasis1795000006000,
];

/** The schema that this build needs. */
export const REQUIRED_SCHEMA = migrations.length;
