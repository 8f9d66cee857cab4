import { Inject, Injectable } from '@nestjs/common';
import { type Db, rowOf } from '@scani/database';
import { Conflict, Invalid, NotFound, TooLarge } from '@scani/runtime';
import { OBJECT_STORE, ObjectStore } from '@scani/storage';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { CreateUpload, Upload } from './uploads.dto.js';
import { LARGEST_FILE, LARGEST_WITHOUT_STORAGE, MB } from './uploads.limits.js';

interface UploadRow {
  id: string;
  size: number;
  storage_key: string | null;
  received: boolean;
}

const LINK_SECONDS = 900;

/** Files on their way in: to the object storage where there is one, else into the database until they are recorded. */
@Injectable()
export class UploadsService {
  constructor(
    private readonly source: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore | null,
  ) {}

  async create(userId: string, wanted: CreateUpload): Promise<Upload> {
    const largest = this.store ? LARGEST_FILE : LARGEST_WITHOUT_STORAGE;
    if (wanted.size > largest) {
      const remedy = 'Export a shorter period and import the parts one after the other.';
      throw new TooLarge('file-too-large', `A file may have at most ${largest / MB} MB. ${remedy}`, {
        largestBytes: largest,
      });
    }
    const id = randomUUIDv7();
    const key = this.store ? `uploads/${userId}/${id}` : null;
    await this.source.query(
      'insert into upload (id, user_id, file_name, size, content_type, storage_key) values ($1, $2, $3, $4, $5, $6)',
      [id, userId, nameOf(wanted.fileName), wanted.size, wanted.contentType, key],
    );
    if (!this.store || key === null) {
      const headers = { 'content-type': wanted.contentType };
      return { id, method: 'PUT', url: `/api/uploads/${id}/content`, headers, keepsOriginal: false };
    }
    const { size, contentType } = wanted;
    const put = await this.store.presignPut({ key, size, contentType, expiresSeconds: LINK_SECONDS });
    return { id, method: 'PUT', ...put, keepsOriginal: true };
  }

  /** Takes the bytes where there is no object storage. The same bytes again are no harm until an import reads them. */
  async receive(userId: string, id: string, body: unknown): Promise<void> {
    const upload = await this.require(this.source, userId, id);
    if (upload.storage_key !== null) {
      throw new Conflict(
        'upload-elsewhere',
        'This file goes to the object storage: use the link that was given for it.',
      );
    }
    if (!Buffer.isBuffer(body) || body.length !== upload.size) {
      const came = Buffer.isBuffer(body) ? body.length : 0;
      throw new Invalid(
        'wrong-size',
        `${came} bytes arrived where ${upload.size} were announced. Send the file again.`,
      );
    }
    const taken = await rowOf(
      this.source,
      `update upload set content = $3 where id = $1 and user_id = $2
         and not exists (select 1 from import where import.upload_id = upload.id) returning id`,
      [id, userId, body],
    );
    if (!taken) throw new Conflict('upload-used', 'An import uses this file already. Upload it again for another one.');
  }

  /** Throws unless all of the file has arrived. Joins the caller's transaction. */
  async requireReceived(db: Db, userId: string, id: string): Promise<void> {
    const upload = await this.require(db, userId, id);
    const arrived =
      upload.storage_key === null
        ? upload.received
        : (await this.store?.head(upload.storage_key))?.size === upload.size;
    if (!arrived) {
      throw new Conflict('upload-incomplete', 'The file has not arrived completely. Send it again.', { uploadId: id });
    }
  }

  private async require(db: Db, userId: string, id: string): Promise<UploadRow> {
    const row = await rowOf<UploadRow>(
      db,
      `select id, size, storage_key, content is not null as received from upload where id = $1 and user_id = $2`,
      [id, userId],
    );
    if (!row) throw new NotFound('upload-not-found', 'There is no such upload.');
    return row;
  }
}

/** The last part of a path that some browsers send, without what a terminal or a page could take for an order. */
function nameOf(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? '';
  return last.replaceAll(/\p{Cc}/gu, '').trim() || 'file';
}
