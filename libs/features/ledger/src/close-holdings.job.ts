import { Injectable } from '@nestjs/common';
import { defineJob, handle, type HandledJob } from '@scani/jobs';
import { DataSource } from 'typeorm';

/** Nightly: positions that have been empty for a while are closed, so that lists leave them out. */
export const closeHoldings = defineJob<Record<string, never>>({
  name: 'close-holdings',
  title: 'Close empty positions',
  key: () => 'all',
});

const EMPTY_DAYS = 7;

/** Closing moves no figure: a closed position stays in the totals of the days on which it was held. */
@Injectable()
export class CloseHoldings {
  constructor(private readonly source: DataSource) {}

  handlers(): HandledJob[] {
    return [handle(closeHoldings, () => this.closeEmpty())];
  }

  /** What is recorded for a closed position later opens it again; see LedgerService. */
  private async closeEmpty(): Promise<void> {
    await this.source.query(
      `update holding set closed_at = now()
       where balance = 0 and closed_at is null and balance_at < now() - $1 * interval '1 day'`,
      [EMPTY_DAYS],
    );
  }
}
