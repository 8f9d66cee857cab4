import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PortfolioOwner } from '@scani/identity';
import { ApiProblems } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { LedgerDigest } from './digest.dto.js';
import { DigestQueries } from './digest.queries.js';
import { digestOfHoldings } from './ledger.digest.js';

@ApiTags('Ledger')
@ApiProblems()
@Controller('api/ledger')
export class DigestController {
  constructor(
    private readonly source: DataSource,
    private readonly digests: DigestQueries,
  ) {}

  @Get('digest')
  @ApiOkResponse({ type: LedgerDigest })
  async getLedgerDigest(@PortfolioOwner() owner: string): Promise<LedgerDigest> {
    const taken = await this.digests.taken(this.source, owner);
    const latest = taken.reduce<Date | null>((best, { takenAt }) => (best && best > takenAt ? best : takenAt), null);
    return {
      digest: digestOfHoldings(taken),
      takenAt: latest?.toISOString() ?? null,
      holdings: taken.map(({ holdingId, institution, account, asset, rows, digest, upTo }) => ({
        holdingId,
        institution,
        account,
        asset,
        rows,
        digest,
        upTo: new Date(upTo).toISOString(),
      })),
    };
  }
}
