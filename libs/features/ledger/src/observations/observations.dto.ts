import { ApiDecimal, ApiFlag, ApiId, ApiInstant, ApiText, IsDecimalText, PageOf } from '@scani/runtime';
import { IsISO8601, IsOptional } from 'class-validator';

/** "At this time this holding's balance was so much, says the source." */
export class Observation {
  @ApiId() id!: string;
  @ApiInstant() at!: string;
  @ApiDecimal() balance!: string;
  @ApiText() source!: string;
  @ApiInstant() recordedAt!: string;
  @ApiFlag({ description: 'It was taken back, and counts no more.' }) retracted!: boolean;
}
export class ObservationPage extends PageOf(Observation) {}

export class CreateObservation {
  @ApiDecimal() @IsDecimalText() balance!: string;
  @ApiInstant({ required: false, description: 'When it was seen; now, when left out.' })
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'must be an instant like 2026-03-01T12:00:00Z' })
  at?: string;
}
