import { ApiFlag, ApiId, ApiInteger, ApiText } from '@scani/runtime';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsString, Length, Matches, Min } from 'class-validator';

export class CreateUpload {
  @ApiText({ maxLength: 255 }) @IsString() @Length(1, 255) fileName!: string;
  @ApiInteger({ description: 'Bytes.' }) @IsInt() @Min(1) size!: number;
  @ApiText({ maxLength: 100 })
  @Matches(/^[a-z0-9][\w.+-]{0,48}\/[\w.+-]{1,49}$/i, { message: 'must be a media type, like text/csv' })
  contentType!: string;
}

/** Where the file is to be sent, and how. */
export class Upload {
  @ApiId() id!: string;
  @ApiText() method!: 'PUT';
  @ApiText() url!: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } }) headers!: Record<string, string>;
  @ApiFlag({ description: 'Whether the file stays after it has been recorded.' }) keepsOriginal!: boolean;
}
