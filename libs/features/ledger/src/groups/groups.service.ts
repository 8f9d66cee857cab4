import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { Conflict, NotFound } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { Group, GroupMembers } from './groups.dto.js';

interface GroupRow {
  id: string;
  name: string;
  holding_ids: string[];
  account_ids: string[];
}

const COLUMNS = `groups.id, groups.name,
  array(select holding_id from group_holding where group_id = groups.id order by holding_id) as holding_ids,
  array(select account_id from group_account where group_id = groups.id order by account_id) as account_ids`;

@Injectable()
export class GroupsService {
  constructor(private readonly source: DataSource) {}

  async list(userId: string): Promise<Group[]> {
    const rows = await rowsOf<GroupRow>(
      this.source,
      `select ${COLUMNS} from groups where user_id = $1 order by lower(name), id limit 500`,
      [userId],
    );
    return rows.map(shown);
  }

  async create(userId: string, name: string): Promise<Group> {
    const id = randomUUIDv7();
    const row = await rowOf(
      this.source,
      'insert into groups (id, user_id, name) values ($1, $2, $3) on conflict do nothing returning id',
      [id, userId, name.trim()],
    );
    if (!row) throw nameTaken(name);
    return this.get(this.source, userId, id);
  }

  async rename(userId: string, id: string, name: string): Promise<Group> {
    const taken = await rowOf(this.source, 'select 1 from groups where user_id = $1 and name = $2 and id <> $3', [
      userId,
      name.trim(),
      id,
    ]);
    if (taken) throw nameTaken(name);
    await this.source.query('update groups set name = $3 where id = $1 and user_id = $2', [id, userId, name.trim()]);
    return this.get(this.source, userId, id);
  }

  async remove(userId: string, id: string): Promise<void> {
    const gone = await rowOf(this.source, 'delete from groups where id = $1 and user_id = $2 returning id', [
      id,
      userId,
    ]);
    if (!gone) throw new NotFound('group-not-found', 'There is no such group.');
  }

  async setMembers(userId: string, id: string, members: GroupMembers): Promise<Group> {
    return this.source.transaction(async (db) => {
      await this.get(db, userId, id);
      await this.replace(db, userId, id, 'holding', members.holdingIds);
      await this.replace(db, userId, id, 'account', members.accountIds);
      return this.get(db, userId, id);
    });
  }

  private async replace(
    db: Db,
    userId: string,
    id: string,
    what: 'holding' | 'account',
    wanted: readonly string[],
  ): Promise<void> {
    const ids = [...new Set(wanted)];
    const mine = await rowsOf(db, `select id from ${what} where user_id = $1 and id = any($2)`, [userId, ids]);
    if (mine.length !== ids.length) throw new NotFound(`${what}-not-found`, `One of these is no ${what} of yours.`);
    await db.query(`delete from group_${what} where group_id = $1`, [id]);
    await db.query(`insert into group_${what} (group_id, ${what}_id, user_id) select $1, unnest($2::uuid[]), $3`, [
      id,
      ids,
      userId,
    ]);
  }

  private async get(db: Db, userId: string, id: string): Promise<Group> {
    const row = await rowOf<GroupRow>(db, `select ${COLUMNS} from groups where user_id = $1 and id = $2`, [userId, id]);
    if (!row) throw new NotFound('group-not-found', 'There is no such group.');
    return shown(row);
  }
}

const nameTaken = (name: string): Conflict =>
  new Conflict('group-name-taken', `You have a group named ${name} already.`);

const shown = (row: GroupRow): Group => ({
  id: row.id,
  name: row.name,
  holdingIds: row.holding_ids,
  accountIds: row.account_ids,
});
