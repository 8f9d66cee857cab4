import { Injectable } from '@nestjs/common';
import { rowsOf } from '@scani/database';
import { defineJob, type JobContext } from '@scani/jobs';
import { DataSource } from 'typeorm';
import { UploadFiles } from './upload.files.js';

/** Nightly: files that no import used, and those of discarded imports. */
export const cleanUploads = defineJob<Record<string, never>>({
  name: 'clean-uploads',
  title: 'Remove unused files',
  key: () => 'all',
});

const UNUSED_AFTER = '1 day';
const AT_ONCE = 500;

@Injectable()
export class CleanUploads {
  constructor(
    private readonly source: DataSource,
    private readonly files: UploadFiles,
  ) {}

  /** The object goes first, so that a run that stops in between finds the row again. */
  async run(context: JobContext): Promise<void> {
    for (;;) {
      const rows = await rowsOf<{ id: string; storage_key: string | null; used: boolean }>(
        this.source,
        `select upload.id, upload.storage_key, import.id is not null as used
         from upload left join import on import.upload_id = upload.id
         where (import.id is null and upload.created_at < now() - interval '${UNUSED_AFTER}')
            or (import.state = 'discarded' and upload.storage_key is not null)
         order by upload.id limit ${AT_ONCE}`,
      );
      for (const { id, storage_key: key, used } of rows) {
        context.signal.throwIfAborted();
        if (key !== null) await this.files.deleteObject(key);
        await this.source.query(
          used
            ? 'update upload set storage_key = null where id = $1'
            : 'delete from upload where id = $1 and not exists (select 1 from import where upload_id = $1)',
          [id],
        );
      }
      if (rows.length < AT_ONCE) return;
    }
  }
}
