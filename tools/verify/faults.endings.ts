import type { Row } from './faults.ts';
import { rolling } from './faults.rolling.ts';
import { schema } from './faults.schema.ts';
import { workers } from './faults.workers.ts';
import type { FaultyWorld } from './faults.world.ts';
import type { Parts } from './parts.ts';

type Chosen = (name: string) => boolean;

/** Starts and ends of processes. */
export const endings: {
  schema(parts: Parts, world: FaultyWorld, isChosen: Chosen): Promise<Row[]>;
  workers(world: FaultyWorld, isChosen: Chosen): Promise<Row[]>;
  rolling(world: FaultyWorld, isChosen: Chosen): Promise<Row[]>;
} = { schema, workers, rolling };
