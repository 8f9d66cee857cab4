import { Inject, Injectable } from '@nestjs/common';
import { rowOf } from '@scani/database';
import { OBJECT_STORE, ObjectStore } from '@scani/storage';
import { DataSource } from 'typeorm';

/** The bytes of what was uploaded, wherever they are. */
@Injectable()
export class UploadFiles {
  constructor(
    private readonly source: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore | null,
  ) {}

  /** All bytes, or the first `most`. Undefined when the file is not there (any more). */
  async read(userId: string, id: string, most?: number): Promise<Buffer | undefined> {
    const row = await rowOf<{ storage_key: string | null; content: Buffer | null }>(
      this.source,
      `select storage_key, case when $3::int is null then content else substring(content from 1 for $3::int) end as content
       from upload where id = $1 and user_id = $2`,
      [id, userId, most ?? null],
    );
    if (!row) return undefined;
    if (row.storage_key === null) return row.content ?? undefined;
    if (!this.store) return undefined;
    const { body } = await this.store.get(row.storage_key);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (most !== undefined && size >= most) break;
    }
    return Buffer.concat(chunks).subarray(0, most);
  }

  /** Removes the object of an upload; one that is gone already is no failure. */
  async deleteObject(storageKey: string): Promise<void> {
    await this.store?.delete(storageKey);
  }
}
