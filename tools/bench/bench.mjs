import { runOnSupportedNode } from '../stack/bootstrap.mjs';

await runOnSupportedNode('../bench/main.ts');
