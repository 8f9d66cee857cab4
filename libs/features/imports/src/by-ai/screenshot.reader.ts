import { Injectable } from '@nestjs/common';
import { AI_LARGEST_PICTURE, CloudClient } from '@scani/cloud';
import { readPositions, type ReadPosition } from '../formats/positions.js';
import { UnreadableFile } from '../formats/statement.js';
import { AssetFinder, type Candidate } from './asset.finder.js';
import { readByModel } from './model.trouble.js';

/** What is kept of a position until its owner has looked at it. */
export interface SeenPosition extends ReadPosition {
  readonly candidates: readonly Candidate[];
}

export interface StagedPosition {
  readonly seen: SeenPosition;
  readonly assetId: string | null;
  readonly quantity: string | null;
}

export interface Screenshot {
  readonly positions: readonly StagedPosition[];
  readonly notes: readonly string[];
}

const OWED = 'This is an account of debts: put a minus before every quantity that is owed.';

/** From the bytes of a picture to positions that wait for their owner's word. */
@Injectable()
export class ScreenshotReader {
  constructor(
    private readonly cloud: CloudClient,
    private readonly finder: AssetFinder,
  ) {}

  /** Throws UnreadableFile, Unrepeatable, or what a job waits for. */
  async read(
    userId: string,
    account: { readonly id: string; readonly owes: boolean },
    bytes: Buffer,
    signal: AbortSignal,
  ): Promise<Screenshot> {
    if (bytes.length > AI_LARGEST_PICTURE) {
      throw new UnreadableFile(
        'picture-too-large',
        `A picture may have at most ${AI_LARGEST_PICTURE / 1_000_000} MB. Cut it into parts, or save it as JPEG.`,
      );
    }
    const { positions, problems } = await readByModel(() => this.cloud.readScreenshot(bytes, signal));
    if (positions.length === 0) {
      throw new UnreadableFile(
        'no-positions',
        `${problems.join(' ') || 'The picture shows no positions.'} Try another picture, or enter the balances by hand.`,
      );
    }
    const read = readPositions(positions);
    const found = await this.finder.find(userId, account.id, read);
    const positive = read.some(({ read: { quantity } }) => quantity !== null && !quantity.startsWith('-'));
    const notes = account.owes && positive ? [...problems, OWED] : problems;
    return { positions: read.map((position, index) => stagedOf(position, found[index])), notes };
  }
}

function stagedOf(
  position: ReadPosition,
  found: Awaited<ReturnType<AssetFinder['find']>>[number] | undefined,
): StagedPosition {
  const doubts = found?.doubt ? [...position.doubts, found.doubt] : position.doubts;
  return {
    seen: { ...position, doubts, candidates: found?.candidates ?? [] },
    assetId: found?.assetId ?? null,
    quantity: position.read.quantity,
  };
}
