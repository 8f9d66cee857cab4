import { AsyncLocalStorage } from 'node:async_hooks';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';

interface Mark {
  made: boolean;
  make(db: EntityManager): Promise<void>;
}

const marks = new AsyncLocalStorage<Mark>();

/**
 * The first transaction that `work` commits makes the mark as well, so that the mark is there exactly if the transaction is,
 * whatever happens to the connection meanwhile. A mark that throws rolls it back.
 */
export function beforeCommit<T>(make: (db: EntityManager) => Promise<void>, work: () => Promise<T>): Promise<T> {
  return marks.run({ made: false, make }, work);
}

type Work<T> = (db: EntityManager) => Promise<T>;

/** Whose transactions make the marks of `beforeCommit`. */
export class MarkingDataSource extends DataSource {
  override createEntityManager(queryRunner?: QueryRunner): EntityManager {
    const manager = super.createEntityManager(queryRunner);
    // Of a query runner: it stands within a transaction that is begun here.
    if (queryRunner) return manager;
    const transaction = manager.transaction.bind(manager) as (...args: unknown[]) => Promise<unknown>;
    // The work comes first or after an isolation level.
    manager.transaction = ((...args: unknown[]) =>
      transaction(
        ...args.map((one) => (typeof one === 'function' ? marked(one as Work<unknown>) : one)),
      )) as EntityManager['transaction'];
    return manager;
  }
}

function marked<T>(work: Work<T>): Work<T> {
  return async (db) => {
    const result = await work(db);
    const mark = marks.getStore();
    if (mark && !mark.made) {
      await mark.make(db);
      mark.made = true;
    }
    return result;
  };
}
