import { ApiId, ApiList, ApiText } from '@scani/runtime';
import { ArrayMaxSize, IsArray, IsString, IsUUID, Length } from 'class-validator';

/** A free label on holdings and accounts. */
export class Group {
  @ApiId() id!: string;
  @ApiText() name!: string;
  @ApiList(() => String) holdingIds!: string[];
  @ApiList(() => String) accountIds!: string[];
}
export class GroupList {
  @ApiList(() => Group) items!: Group[];
}
export class CreateGroup {
  @ApiText({ maxLength: 60 }) @IsString() @Length(1, 60) name!: string;
}
export class UpdateGroup extends CreateGroup {}

export class GroupMembers {
  @ApiList(() => String) @IsArray() @ArrayMaxSize(1000) @IsUUID(undefined, { each: true }) holdingIds!: string[];
  @ApiList(() => String) @IsArray() @ArrayMaxSize(1000) @IsUUID(undefined, { each: true }) accountIds!: string[];
}
