import { ApiId, ApiInstant, ApiInteger, ApiList, ApiText } from '@scani/runtime';

export class HoldingDigestView {
  @ApiId() holdingId!: string;
  @ApiText() institution!: string;
  @ApiText() account!: string;
  @ApiText({ description: 'kind:symbol:market segment' }) asset!: string;
  @ApiInteger({ description: 'Transactions and observations, without the opening balance.' }) rows!: number;
  @ApiText({ description: 'SHA-256 in hex over the sorted SHA-256 of the rows.' }) digest!: string;
  @ApiInstant({ description: 'Of all that was recorded up to here.' }) upTo!: string;
}

/** What my ledger came to when it was last looked at, nightly. */
export class LedgerDigest {
  @ApiText({ description: 'SHA-256 in hex over all holdings.' }) digest!: string;
  @ApiInstant({ nullable: true }) takenAt!: string | null;
  @ApiList(() => HoldingDigestView) holdings!: HoldingDigestView[];
}
