import { Component, computed, inject, input, signal } from '@angular/core';
import { deleteYield, listYields } from '../../api/functions';
import type { Holding } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import type { Question } from '../ui/confirm';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { percentOf } from '../ui/percent';
import { Prefs } from '../ui/prefs';
import { ProblemCard, SkeletonRows } from '../ui/states';
import { payoutWords, spanWords } from './words';

/** Interest that a holding earns, or costs, by terms that are known in advance. */
@Component({
  selector: 'app-interest-card',
  imports: [Icon, ProblemCard, SkeletonRows],
  template: `
    <div class="card-h">
      <h2>Interest</h2>
      @if (!demo() && yields.value()) {
        <div class="act">
          @if (terms()) {
            <button type="button" class="btn sm ghost danger" (click)="end()">End</button>
          }
          <button type="button" class="btn sm" (click)="set()">{{ terms() ? 'Change' : 'Set interest' }}</button>
        </div>
      }
    </div>
    @if (failed()) {
      <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ failed() }}</p>
    }
    @if (yields.error(); as problem) {
      <ui-problem title="The interest could not be loaded" [detail]="problem" (again)="yields.reload()" />
    } @else if (yields.value()) {
      @if (terms(); as it) {
        <dl data-testid="interest">
          <div>
            <dt>Terms</dt>
            <dd class="num">{{ rate(it.rate) }} % a year</dd>
            <dd class="sub">paid {{ often(it.payoutsPerYear) }}, {{ span() }}</dd>
          </div>
          <div>
            <dt>Next payout</dt>
            <dd>{{ it.nextDueOn === null ? 'None' : prefs.calendarDay(it.nextDueOn, true) }}</dd>
            <dd class="sub">
              {{
                it.accruedTo === null
                  ? 'nothing has come due yet'
                  : 'recorded up to ' + prefs.calendarDay(it.accruedTo, true)
              }}
            </dd>
          </div>
          <div>
            <dt>{{ holding().account.kind === 'liability' ? 'Charged so far' : 'Paid so far' }}</dt>
            <dd class="num" data-testid="interest-paid">{{ prefs.exactQuantity(it.paid) }} {{ it.symbol }}</dd>
            <dd class="sub">as entries of the ledger</dd>
          </div>
        </dl>
      } @else {
        <p class="none">
          If the rate is known in advance, set it here: each payout is then recorded on its day by itself.
        </p>
      }
    } @else {
      <ui-skeleton-rows [rows]="1" />
    }
  `,
  styles: `
    :host {
      display: block;
    }
    .act {
      display: flex;
      gap: 6px;
    }
    dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(180px, 1fr));
      gap: 12px 24px;
      padding: 4px 18px 16px;
    }
    dt,
    .sub,
    .none {
      font-size: 12.5px;
      color: var(--c-text-2);
    }
    dd:not(.sub) {
      font-size: 15px;
      font-weight: 600;
      overflow-wrap: anywhere;
    }
    .none {
      padding: 0 18px 16px;
    }
    .form-error {
      margin: 0 18px 10px;
    }
  `,
})
export class InterestCard {
  readonly holding = input.required<Holding>();
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly dialogs = inject(Dialogs);
  private readonly session = inject(Session);
  protected readonly prefs = inject(Prefs);
  protected readonly often = payoutWords;
  protected readonly failed = signal('');
  protected readonly demo = computed(() => this.session.me()?.portfolio === 'demo');
  protected readonly yields = read(listYields, () => ({}), { live: 'portfolio' });
  protected readonly terms = computed(() =>
    this.yields.value()?.items.find((one) => one.holdingId === this.holding().id),
  );
  protected readonly span = computed(() => {
    const it = this.terms();
    return it ? spanWords(it.startsOn, it.endsOn, (day) => this.prefs.calendarDay(day, true)) : '';
  });

  /** Terms are no amount of anybody's, so they stay when amounts are hidden. */
  protected rate(ratio: string): string {
    return this.prefs.rate(percentOf(ratio));
  }
  protected async set(): Promise<void> {
    const load = () => import('./set-interest').then((m) => m.SetInterest);
    await this.dialogs.open(load, { holding: this.holding(), terms: this.terms() });
  }
  protected async end(): Promise<void> {
    this.failed.set('');
    const question: Question = {
      title: 'End the interest?',
      text: 'From now on no payout is recorded. What was paid stays in the ledger. To end it on a later day, change the terms instead.',
      yes: 'End interest',
      danger: true,
    };
    const sure = await this.dialogs.open<boolean>(() => import('../ui/confirm').then((m) => m.Confirm), question);
    if (!sure) return;
    try {
      await this.api.call(deleteYield, { id: this.holding().id });
      this.live.touch('portfolio');
    } catch (error) {
      this.failed.set(messageOf(error));
    }
  }
}
