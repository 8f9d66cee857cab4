import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@scani/runtime';
import { AiReading } from './ai-reading.dto.js';
import { AiReadingService } from './ai-reading.service.js';

@ApiTags('Imports')
@ApiProblems()
@Controller('api/ai-reading')
export class AiReadingController {
  constructor(private readonly reading: AiReadingService) {}

  @Get()
  @ApiOkResponse({ type: AiReading })
  getAiReading(): Promise<AiReading> {
    return this.reading.get();
  }
}
