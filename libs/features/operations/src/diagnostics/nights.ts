import { type Db, rowsOf } from '@scani/database';
import type { ChainRun } from './diagnostics.dto.js';

const SHOWN = 7;

/** The last runs of the nightly chain with their steps, in the order in which these began. */
export async function lastNights(db: Db): Promise<ChainRun[]> {
  const rows = await rowsOf<Omit<ChainRun, 'startedAt' | 'finishedAt'> & { startedAt: Date; finishedAt: Date | null }>(
    db,
    `select chain_run.chain, to_char(slot at time zone 'UTC', 'YYYY-MM-DD') as day, chain_run.state,
       chain_run.started_at as "startedAt", chain_run.finished_at as "finishedAt",
       coalesce((
         select json_agg(json_build_object('name', step, 'state', chain_step.state,
             'startedAt', to_char(chain_step.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
             'finishedAt', to_char(chain_step.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
             'parts', work.parts, 'failed', work.failed)
           order by chain_step.started_at nulls last, step)
         from chain_step
         cross join lateral (
           select count(*) filter (where job.id <> chain_step.job_id)::int as parts,
             count(*) filter (where job.state = 'failed')::int as failed
           from job where job.id = chain_step.job_id
             or job.id in (select part_id from job_part where whole_id = chain_step.job_id)) as work
         where chain_step.chain = chain_run.chain and chain_step.slot = chain_run.slot), '[]') as steps
     from chain_run order by slot desc, chain limit $1`,
    [SHOWN],
  );
  return rows.map((row) => ({
    ...row,
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }));
}
