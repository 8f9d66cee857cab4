import { Component, computed, ElementRef, inject, input, linkedSignal, output, signal } from '@angular/core';
import { listTransferReviews } from '../../api/functions';
import type { TransferCandidate, TransferReview } from '../../api/models';
import { readPages } from '../shell/api';
import { Dialogs } from '../ui/dialog';
import { signOf } from '../ui/format';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import type { Parts } from './split';
import { TransferSide } from './transfer-side';
import { Verdicts } from './verdicts';
import { choiceLabel, counterpartyOf, isOut, LONE_CHOICES, type LoneChoice, timeApart } from './words';

/** Entries that wait for a word, each with what may be its other side. One key a verdict. */
@Component({
  selector: 'app-review-list',
  imports: [Icon, MoreButton, Empty, ProblemCard, SkeletonRows, TransferSide],
  templateUrl: './review-list.html',
  styleUrl: './review-list.scss',
  host: { '(document:keydown)': 'onKey($event)' },
})
export class ReviewList {
  /** The demo is only looked at. */
  readonly readOnly = input.required<boolean>();
  readonly search = output<void>();
  private readonly dialogs = inject(Dialogs);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  protected readonly prefs = inject(Prefs);
  protected readonly verdicts = inject(Verdicts);
  protected readonly choices = LONE_CHOICES;
  protected readonly labelOf = choiceLabel;
  protected readonly counterpartyOf = counterpartyOf;
  protected readonly timeApart = timeApart;
  protected readonly isOut = isOut;
  protected readonly all = signal(false);
  protected readonly always = signal<string | null>(null);
  protected readonly list = readPages(listTransferReviews, () => ({ limit: 20, all: this.all() }), {
    live: 'portfolio',
  });
  /** Where the keys go; when an entry leaves, the one that follows takes its place. */
  protected readonly current = linkedSignal<number, number>({
    source: () => this.list.items().length,
    computation: (count, previous) => Math.max(0, Math.min(previous?.value ?? 0, count - 1)),
  });
  private readonly chosen = computed<TransferReview | undefined>(() => this.list.items()[this.current()]);

  protected difference({ quantityApart }: TransferCandidate, symbol: string): string {
    const sign = signOf(quantityApart);
    if (sign === 0) return 'same amount';
    const amount = `${this.prefs.quantity(quantityApart.replace('-', ''), symbol)} ${symbol}`;
    return sign > 0 ? `${amount} less arrived` : `${amount} more arrived`;
  }

  protected async pair(review: TransferReview, candidate: TransferCandidate): Promise<void> {
    await this.after(this.verdicts.pair(review.entry, candidate.entry));
  }
  protected async say(review: TransferReview, choice: LoneChoice): Promise<void> {
    await this.after(this.verdicts.alone(review.entry, choice.verdict, this.always() === review.entry.id));
  }
  protected async split(review: TransferReview): Promise<void> {
    const parts = await this.dialogs.open<Parts>(() => import('./split').then((m) => m.Split), review.entry);
    if (parts) await this.after(this.verdicts.split(review.entry, parts));
  }
  protected setAlways(review: TransferReview, on: boolean): void {
    this.always.set(on ? review.entry.id : null);
  }

  protected onKey(event: KeyboardEvent): void {
    const review = this.chosen();
    if (this.readOnly() || !review || event.metaKey || event.ctrlKey || event.altKey || elsewhere(event.target)) return;
    const act = this.actOf(event.key.toLowerCase(), review);
    if (!act) return;
    event.preventDefault();
    void act();
  }
  private actOf(key: string, review: TransferReview): (() => unknown) | undefined {
    if (key === 'j' || key === 'k') return () => this.move(key === 'j' ? 1 : -1);
    if (key === 's') return () => this.split(review);
    if (key === 'a' && counterpartyOf(review.entry)) {
      return () => this.setAlways(review, this.always() !== review.entry.id);
    }
    const candidate = /^[1-9]$/.test(key) ? review.candidates[Number(key) - 1] : undefined;
    if (candidate) return () => this.pair(review, candidate);
    const choice = LONE_CHOICES.find((one) => one.key === key);
    return choice && (() => this.say(review, choice));
  }
  private move(by: number): void {
    this.current.set(Math.max(0, Math.min(this.list.items().length - 1, this.current() + by)));
    this.focusOn(this.current());
  }
  /** The pressed button is gone with its entry: the focus stays in the list. */
  private async after(said: Promise<boolean>): Promise<void> {
    if (!(await said)) return;
    this.always.set(null);
    this.host.nativeElement.querySelector<HTMLElement>('.list')?.focus({ preventScroll: true });
  }
  private focusOn(index: number): void {
    const item = this.host.nativeElement.querySelectorAll<HTMLElement>('.list > li')[index];
    item?.focus({ preventScroll: true });
    item?.scrollIntoView({ block: 'nearest' });
  }
}

/** Keys belong to fields and dialogs while those are in use. */
function elsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=dialog]') !==
      null
  );
}
