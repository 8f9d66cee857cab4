import { Injectable } from '@nestjs/common';
import { NotFound } from '@scani/runtime';
import { StorageError } from '@scani/storage';
import { DataSource } from 'typeorm';
import { pictureTypeOf } from '../formats/detect.js';
import { ImportQueries } from '../imports/import.queries.js';
import { UploadFiles } from '../uploads/upload.files.js';

/** The picture of an import, for its owner. */
@Injectable()
export class PictureService {
  constructor(
    private readonly source: DataSource,
    private readonly queries: ImportQueries,
    private readonly files: UploadFiles,
  ) {}

  /** Throws NotFound where it is not kept any more, or is no picture. */
  async get(userId: string, importId: string): Promise<{ bytes: Buffer; type: string }> {
    const { upload_id: uploadId, format } = await this.queries.get(this.source, userId, importId);
    const bytes = format === 'screenshot' ? await this.read(userId, uploadId) : undefined;
    const type = bytes && pictureTypeOf(bytes);
    if (!bytes || !type) throw new NotFound('picture-gone', 'The picture of this import is not kept any more.');
    return { bytes, type };
  }

  private async read(userId: string, uploadId: string): Promise<Buffer | undefined> {
    try {
      return await this.files.read(userId, uploadId);
    } catch (error) {
      if (error instanceof StorageError && error.code === 'missing-object') return undefined;
      throw error;
    }
  }
}
