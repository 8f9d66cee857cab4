import { ApiText } from '@scani/runtime';
import { ApiProperty } from '@nestjs/swagger';

export const AI_READINGS = ['screenshot', 'document', 'columns'] as const;
export type AiReadable = (typeof AI_READINGS)[number];

/** What can be read by AI here, and where what is read is sent. */
export class AiReading {
  @ApiProperty({ enum: AI_READINGS, enumName: 'AiReadable', isArray: true }) offered!: AiReadable[];
  @ApiText({ description: 'The host of the data-provider; it asks the model.' }) sentTo!: string;
  @ApiText({ nullable: true, description: 'Why nothing, or not all of it, can be read at the moment.' })
  why!: string | null;
}
