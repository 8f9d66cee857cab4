import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { testDatabase } from '../testing/test-database.js';
import { ImportPictures1795000019000 } from './1795000019000-import-pictures.js';

test('it is taken back where pictures and PDFs were imported, and what they recorded stays', async () => {
  const db = await testDatabase();
  try {
    const [user, account, upload, picture] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await db.source.query(`insert into users (id, email, role) values ($1, 'a@example.org', 'owner')`, [user]);
    await db.source.query(
      `with bank as (insert into institution (id, user_id, name, kind) values (gen_random_uuid(), $2, 'Bank', 'bank') returning id)
       insert into account (id, user_id, institution_id, name, kind, currency) select $1, $2, bank.id, 'One', 'asset', 'EUR' from bank`,
      [account, user],
    );
    await db.source.query(
      `insert into upload (id, user_id, file_name, content_type, size) values ($1, $2, 'a.png', 'image/png', 1)`,
      [upload, user],
    );
    await db.source.query(
      `insert into import (id, user_id, account_id, upload_id, format, state) values ($1, $2, $3, $4, 'screenshot', 'recorded')`,
      [picture, user, account, upload],
    );
    const runner = db.source.createQueryRunner();
    await new ImportPictures1795000019000().down(runner);
    await runner.release();
    expect(await db.source.query('select id, format, state from import')).toEqual([
      { id: picture, format: null, state: 'recorded' },
    ]);
  } finally {
    await db.drop();
  }
});
