import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';

export class ProblemField {
  @ApiProperty({ type: String, description: 'JSON pointer to the bad part of the request.' }) pointer!: string;
  @ApiProperty({ type: String }) detail!: string;
}

/** RFC 9457 problem details. */
export class Problem {
  @ApiProperty({ type: String }) type!: string;
  @ApiProperty({ type: String }) title!: string;
  @ApiProperty({ type: 'integer' }) status!: number;
  @ApiProperty({ type: String, description: 'Stable word for programs.' }) code!: string;
  @ApiProperty({ type: String, description: 'What is wrong and what to do, for people.' }) detail!: string;
  @ApiProperty({ type: String, description: 'The id of the request, as in the log.' }) instance!: string;
  @ApiPropertyOptional({ type: [ProblemField] }) errors?: ProblemField[];
}

/** Documents that a controller answers errors as problem+json. */
export function ApiProblems(): ClassDecorator {
  return applyDecorators(
    ApiExtraModels(Problem),
    ApiResponse({
      status: 'default',
      description: 'A problem.',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(Problem) } } },
    }),
  );
}
