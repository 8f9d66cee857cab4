import { Component, computed, inject, input, signal } from '@angular/core';
import { listObservations, retractObservation } from '../../api/functions';
import type { Observation } from '../../api/models';
import { Api, readPages } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import type { Question } from '../ui/confirm';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { sourceOf } from './words';

/** The balances that were seen, by whom and when. */
@Component({
  selector: 'app-observation-list',
  imports: [Icon, MoreButton, Empty, ProblemCard, SkeletonRows],
  template: `
    @if (refused()) {
      <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ refused() }}</p>
    }
    @if (list.error(); as failed) {
      <ui-problem title="The balances could not be loaded" [detail]="failed" (again)="list.reload()" />
    } @else if (list.pending()) {
      <ui-skeleton-rows />
    } @else if (list.items().length) {
      <ul class="rows">
        @for (one of list.items(); track one.id) {
          <li>
            <div class="main">
              <p class="t" [class.gone]="one.retracted">{{ prefs.dayTime(one.at) }}</p>
              <p class="d">according to {{ source(one.source) }}</p>
            </div>
            @if (one.retracted) {
              <span class="tag">taken back</span>
            }
            <b class="num" [class.gone]="one.retracted">{{ prefs.exactQuantity(one.balance) }} {{ symbol() }}</b>
            @if (!one.retracted && !demo()) {
              <button
                type="button"
                class="btn ghost icon"
                title="Take back"
                [attr.aria-label]="'Take back the balance of ' + prefs.dayTime(one.at)"
                (click)="takeBack(one)"
              >
                <ui-icon name="rotate-ccw" [size]="16" />
              </button>
            }
          </li>
        }
      </ul>
      <ui-more [shown]="list.hasMore()" [busy]="list.loadingMore()" (more)="list.more()" />
    } @else {
      <ui-empty icon="eye" title="No balance seen yet">Set the balance to say how much there was at a time.</ui-empty>
    }
  `,
  styles: `
    b {
      font-weight: 600;
    }
    .form-error {
      margin: 0 18px 10px;
    }
  `,
})
export class ObservationList {
  readonly holdingId = input.required<string>();
  readonly symbol = input.required<string>();
  protected readonly prefs = inject(Prefs);
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly session = inject(Session);
  private readonly dialogs = inject(Dialogs);
  protected readonly source = sourceOf;
  protected readonly refused = signal('');
  protected readonly demo = computed(() => this.session.me()?.portfolio === 'demo');
  protected readonly list = readPages(listObservations, () => ({ id: this.holdingId(), limit: 25 }), {
    live: 'portfolio',
  });

  protected async takeBack(one: Observation): Promise<void> {
    this.refused.set('');
    const question: Question = {
      title: `Take back the balance of ${this.prefs.dayTime(one.at)}?`,
      text: 'It counts no more, and balances and charts follow from what else was recorded. It stays in the list, marked.',
      yes: 'Take back',
      danger: true,
    };
    const sure = await this.dialogs.open<boolean>(() => import('../ui/confirm').then((m) => m.Confirm), question);
    if (!sure) return;
    try {
      await this.api.call(retractObservation, { id: one.id });
      this.live.touch('portfolio');
    } catch (error) {
      this.refused.set(messageOf(error));
    }
  }
}
