import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import type { LinkPreview as Preview } from './link.page.js';
import { LONGEST_URL } from './link.rules.js';

export class PreviewLink {
  @ApiProperty({ type: String, format: 'uri', maxLength: LONGEST_URL, example: 'https://www.example.org/' })
  @IsString()
  @Length(1, LONGEST_URL)
  url!: string;
}

const text = { type: String, nullable: true } as const;

export class LinkPreview implements Preview {
  @ApiProperty({ type: String, description: 'Where it was found, after redirects.' }) url!: string;
  @ApiProperty(text) title!: string | null;
  @ApiProperty(text) description!: string | null;
  @ApiProperty(text) siteName!: string | null;
  @ApiProperty({ ...text, description: 'An address that was not fetched.' }) imageUrl!: string | null;
  @ApiProperty({ ...text, description: 'An address that was not fetched.' }) iconUrl!: string | null;
}
