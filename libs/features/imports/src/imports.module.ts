import { Module } from '@nestjs/common';
import { Ledger } from '@scani/ledger';
import { Market } from '@scani/market';
import { ImportJobs } from './import.jobs.js';
import { ImportQueries } from './imports/import.queries.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportsService } from './imports/imports.service.js';
import { ParseImport } from './parse-import.job.js';
import { RecordImport } from './record-import.job.js';
import { StatementStore } from './statement.store.js';
import { TrialImport } from './trial-import.js';
import { UndoImport } from './undo-import.job.js';
import { CleanUploads } from './uploads/clean-uploads.job.js';
import { UploadFiles } from './uploads/upload.files.js';
import { UploadsController } from './uploads/uploads.controller.js';
import { UploadsService } from './uploads/uploads.service.js';

@Module({
  imports: [Ledger, Market],
  controllers: [UploadsController, ImportsController],
  providers: [ImportQueries, ImportsService, UploadFiles, UploadsService],
})
export class ImportsHttp {}

/** For those who try whether imports work. */
@Module({
  imports: [Ledger, Market],
  providers: [ImportQueries, ImportsService, TrialImport, UploadFiles, UploadsService],
  exports: [TrialImport],
})
export class ImportsTrial {}

@Module({
  imports: [Ledger, Market],
  providers: [CleanUploads, ImportJobs, ParseImport, RecordImport, StatementStore, UndoImport, UploadFiles],
  exports: [ImportJobs],
})
export class ImportsJobs {}
