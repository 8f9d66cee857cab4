import { Module } from '@nestjs/common';
import { Ledger } from '@scani/ledger';
import { Market } from '@scani/market';
import { AiReadingController } from './by-ai/ai-reading.controller.js';
import { AiReadingService } from './by-ai/ai-reading.service.js';
import { AssetFinder } from './by-ai/asset.finder.js';
import { ColumnsSuggester } from './by-ai/columns.suggester.js';
import { DocumentReader } from './by-ai/document.reader.js';
import { ScreenshotReader } from './by-ai/screenshot.reader.js';
import { ImportJobs } from './import.jobs.js';
import { ImportQueries } from './imports/import.queries.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportsService } from './imports/imports.service.js';
import { ParseImport } from './parse-import.job.js';
import { PictureController } from './positions/picture.controller.js';
import { PictureService } from './positions/picture.service.js';
import { PositionsController } from './positions/positions.controller.js';
import { PositionsService } from './positions/positions.service.js';
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
  controllers: [UploadsController, ImportsController, PositionsController, PictureController, AiReadingController],
  providers: [
    AiReadingService,
    PictureService,
    ColumnsSuggester,
    ImportQueries,
    ImportsService,
    PositionsService,
    UploadFiles,
    UploadsService,
  ],
})
export class ImportsHttp {}

/** For those who try whether imports work. */
@Module({
  imports: [Ledger, Market],
  providers: [
    ColumnsSuggester,
    ImportQueries,
    ImportsService,
    PositionsService,
    TrialImport,
    UploadFiles,
    UploadsService,
  ],
  exports: [TrialImport],
})
export class ImportsTrial {}

@Module({
  imports: [Ledger, Market],
  providers: [
    AssetFinder,
    CleanUploads,
    DocumentReader,
    ImportJobs,
    ImportQueries,
    ParseImport,
    PositionsService,
    RecordImport,
    ScreenshotReader,
    StatementStore,
    UndoImport,
    UploadFiles,
  ],
  exports: [ImportJobs],
})
export class ImportsJobs {}
