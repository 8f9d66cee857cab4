import { Component, computed, ElementRef, inject, input, output, viewChild } from '@angular/core';
import { getHolding, reverseTransaction } from '../../api/functions';
import type { Transaction } from '../../api/models';
import { Api } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import type { Question } from '../ui/confirm';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { canCorrect, canTakeBack, takeBackWords } from './corrections';
import { TRANSACTION_WORDS } from './words';

let uid = 0;

/** What can be done about a row that is wrong: it is never changed, only taken back or corrected by another. */
@Component({
  selector: 'app-row-actions',
  imports: [Icon],
  template: `
    @if (offered()) {
      <button type="button" class="btn ghost icon" [attr.popovertarget]="id" [attr.aria-label]="'Actions: ' + name()">
        <ui-icon name="ellipsis" [size]="17" />
      </button>
      <div popover #menu [id]="id">
        @if (correctable()) {
          <button type="button" (click)="correct()"><ui-icon name="pencil" [size]="16" />Correct…</button>
        }
        <button type="button" (click)="takeBack()"><ui-icon name="rotate-ccw" [size]="16" />Take back…</button>
      </div>
    }
  `,
  styles: `
    :host {
      position: relative;
      z-index: 1;
      display: inline-flex;
    }
    [popover] {
      position: fixed;
      position-area: bottom span-left;
      position-try-fallbacks: flip-block;
      min-width: 168px;
      margin: 4px 0;
      padding: 6px;
      border: 1px solid var(--c-line);
      border-radius: 12px;
      background: var(--c-surface);
      color: var(--c-text);
      box-shadow: var(--shadow-2);
    }
    [popover] button {
      display: flex;
      align-items: center;
      gap: 10px;
      width: 100%;
      min-height: 38px;
      padding: 0 12px;
      border: 0;
      border-radius: 8px;
      background: none;
      font-size: 13px;
      font-weight: 520;
      cursor: pointer;
    }
    [popover] button:hover {
      background: var(--c-hover);
    }
    [popover] ui-icon {
      color: var(--c-text-3);
    }
    @media (pointer: coarse) {
      [popover] button {
        min-height: 44px;
      }
    }
  `,
})
export class RowActions {
  readonly row = input.required<Transaction>();
  /** A refusal in the server's words; empty when a new attempt begins. */
  readonly failed = output<string>();
  private readonly menu = viewChild<ElementRef<HTMLElement>>('menu');
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly session = inject(Session);
  private readonly dialogs = inject(Dialogs);
  private readonly prefs = inject(Prefs);
  protected readonly id = `row-${uid++}`;
  protected readonly offered = computed(() => this.session.me()?.portfolio !== 'demo' && canTakeBack(this.row()));
  protected readonly correctable = computed(() => canCorrect(this.row()));
  protected readonly name = computed(() => {
    const { description, kind, symbol, occurredAt } = this.row();
    return `${description ?? `${TRANSACTION_WORDS[kind]} ${symbol}`}, ${this.prefs.day(occurredAt)}`;
  });

  protected async correct(): Promise<void> {
    this.begin();
    try {
      const holding = await this.api.call(getHolding, { id: this.row().holdingId });
      const load = () => import('./add-transaction').then((m) => m.AddTransaction);
      await this.dialogs.open(load, { holding, wrong: this.row() });
    } catch (error) {
      this.failed.emit(messageOf(error));
    }
  }
  protected async takeBack(): Promise<void> {
    this.begin();
    const question: Question = {
      title: `Take back “${this.name()}”?`,
      text: takeBackWords(this.row()),
      yes: 'Take back',
      danger: true,
    };
    const sure = await this.dialogs.open<boolean>(() => import('../ui/confirm').then((m) => m.Confirm), question);
    if (!sure) return;
    try {
      await this.api.call(reverseTransaction, { id: this.row().id });
      this.live.touch('portfolio');
    } catch (error) {
      this.failed.emit(messageOf(error));
    }
  }
  private begin(): void {
    this.menu()?.nativeElement.hidePopover();
    this.failed.emit('');
  }
}
