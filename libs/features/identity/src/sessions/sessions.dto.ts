import { ApiFlag, ApiId, ApiInstant, ApiList, ApiText } from '@scani/runtime';

export class Session {
  @ApiId() id!: string;
  @ApiFlag({ description: 'The session of this request.' }) current!: boolean;
  @ApiInstant() createdAt!: string;
  @ApiInstant() lastSeenAt!: string;
  @ApiInstant() expiresAt!: string;
  @ApiText({ nullable: true }) userAgent!: string | null;
  @ApiText({ nullable: true }) address!: string | null;
}
export class SessionList {
  @ApiList(() => Session) items!: Session[];
}
