import { Injectable } from '@nestjs/common';
import { handle, type HandledJob } from '@scani/jobs';
import { ParseImport, parseImport } from './parse-import.job.js';
import { RecordImport, recordImport } from './record-import.job.js';
import { UndoImport, undoImport } from './undo-import.job.js';
import { CleanUploads, cleanUploads } from './uploads/clean-uploads.job.js';

/** All work of imports, for the worker. */
@Injectable()
export class ImportJobs {
  constructor(
    private readonly parse: ParseImport,
    private readonly record: RecordImport,
    private readonly undo: UndoImport,
    private readonly clean: CleanUploads,
  ) {}

  handlers(): HandledJob[] {
    return [
      handle(parseImport, (payload, context) => this.parse.run(payload, context)),
      handle(recordImport, (payload, context) => this.record.run(payload, context)),
      handle(undoImport, (payload, context) => this.undo.run(payload, context)),
      handle(cleanUploads, (_, context) => this.clean.run(context)),
    ];
  }
}
