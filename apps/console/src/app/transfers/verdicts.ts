import { inject, Injectable, signal } from '@angular/core';
import { createTransferRule, decideTransfer, deleteTransfer, deleteTransferRule } from '../../api/functions';
import type { LoneVerdict, TransferSide } from '../../api/models';
import { Api } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { counterpartyOf, isOut, verdictWords } from './words';

interface Said {
  words: string;
  undo: () => Promise<unknown>;
}

/** Says what entries are, one thing at a time, and takes the last one back. */
@Injectable()
export class Verdicts {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  readonly busy = signal(false);
  readonly failed = signal('');
  readonly last = signal<Said | null>(null);

  pair(one: TransferSide, other: TransferSide): Promise<boolean> {
    return this.decide('paired', [one, other], `Linked ${one.accountName} and ${other.accountName}.`);
  }
  split(whole: TransferSide, parts: readonly TransferSide[]): Promise<boolean> {
    return this.decide('split', [whole, ...parts], `Linked ${whole.accountName} in ${parts.length} parts.`);
  }
  /** Of this entry, or always of its counterparty. */
  alone(side: TransferSide, verdict: LoneVerdict, always: boolean): Promise<boolean> {
    const words = verdictWords(verdict, [side]);
    const counterparty = counterpartyOf(side);
    if (!always || !counterparty) return this.decide(verdict, [side], `${words}.`);
    return this.act(async () => {
      const body = { counterparty, direction: isOut(side) ? ('out' as const) : ('in' as const), verdict };
      const rule = await this.api.call(createTransferRule, { body });
      return {
        words: `${words}, and always for ${counterparty}.`,
        undo: () => this.api.call(deleteTransferRule, { id: rule.id }),
      };
    });
  }
  remove(id: string): Promise<boolean> {
    return this.act(async () => {
      await this.api.call(deleteTransfer, { id });
      return null;
    });
  }
  removeRule(id: string): Promise<boolean> {
    return this.act(async () => {
      await this.api.call(deleteTransferRule, { id });
      return null;
    });
  }
  undo(): Promise<boolean> {
    const last = this.last();
    return this.act(async () => {
      await last?.undo();
      return null;
    });
  }

  private decide(
    verdict: 'paired' | 'split' | LoneVerdict,
    sides: readonly TransferSide[],
    words: string,
  ): Promise<boolean> {
    return this.act(async () => {
      const body = { verdict, transactionIds: sides.map((side) => side.id) };
      const { items } = await this.api.call(decideTransfer, { body });
      return {
        words,
        undo: () => Promise.all(items.map((item) => this.api.call(deleteTransfer, { id: item.id }))),
      };
    });
  }

  private async act(action: () => Promise<Said | null>): Promise<boolean> {
    if (this.busy()) return false;
    this.busy.set(true);
    this.failed.set('');
    try {
      this.last.set(await action());
      return true;
    } catch (error) {
      this.failed.set(messageOf(error));
      return false;
    } finally {
      // Refused or not: what is shown may be out of date.
      this.live.touch('portfolio');
      this.busy.set(false);
    }
  }
}
