import { Component, inject, signal } from '@angular/core';
import type { ReturnDay } from '../../api/models';
import { readPages } from '../shell/api';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_VALUE } from '../ui/dialog-ref';
import { signOf } from '../ui/format';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import type { Explainable } from './explained';
import { readReturn } from './paged';
import { GAP_WORDS } from './words';

const PAGE = 30;

/** A return taken apart into the values and the money of its days. */
@Component({
  selector: 'app-explain-return',
  imports: [DialogFrame, Icon, MoreButton, Empty, ProblemCard, SkeletonRows],
  template: `<ui-dialog title="Where this comes from" [wide]="true">
    @if (list.error(); as failed) {
      <ui-problem title="This return could not be taken apart" [detail]="failed" (again)="list.reload()" />
    } @else if (list.value(); as it) {
      @let sum = it.performance;
      <section aria-label="Return">
        <p class="lab">
          {{ of.name }}, {{ prefs.calendarDay(sum.from, true) }} to {{ prefs.calendarDay(sum.to, true) }}
        </p>
        <dl class="sums">
          <div>
            <dt>Time-weighted</dt>
            <dd class="num">{{ sum.twr.value === null ? 'Not known' : prefs.ratio(sum.twr.value, true) }}</dd>
          </div>
          <div>
            <dt>Money-weighted, by the year</dt>
            <dd class="num">{{ sum.xirr.value === null ? 'Not known' : prefs.ratio(sum.xirr.value, true) }}</dd>
          </div>
          <div>
            <dt>At the start</dt>
            <dd class="num">{{ sum.start === null ? 'Not known' : prefs.money(sum.start, it.performance.base) }}</dd>
          </div>
          <div>
            <dt>Put in less taken out</dt>
            <dd class="num">
              {{ sum.netFlows === null ? 'Not known' : prefs.money(sum.netFlows, sum.base, { signed: true }) }}
            </dd>
          </div>
          <div>
            <dt>At the end</dt>
            <dd class="num">{{ sum.end === null ? 'Not known' : prefs.money(sum.end, sum.base) }}</dd>
          </div>
          <div class="total">
            <dt>Gain</dt>
            <dd class="num">
              {{ sum.gain === null ? 'Not known' : prefs.money(sum.gain, sum.base, { signed: true }) }}
            </dd>
          </div>
        </dl>
      </section>
      <ul class="rules" aria-label="How it is worked out">
        @for (rule of it.rules; track rule) {
          <li>{{ rule }}</li>
        }
      </ul>
      @if (!it.ready) {
        <p class="rule" role="status">
          <ui-icon name="clock" [size]="14" /> The daily values are still being worked out; they follow in a moment.
        </p>
      }
      <div class="days-h">
        <h3>Days</h3>
        <label class="check">
          <input type="checkbox" [checked]="!moved()" (change)="moved.set(!moved())" />Show quiet days too
        </label>
      </div>
      @if (list.items().length) {
        <div class="tbl-box" [class.busy]="list.loading()" tabindex="0" role="region" aria-label="Days of the return">
          <table class="tbl">
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col" class="n w">At work</th>
                <th scope="col" class="n">In or out</th>
                <th scope="col" class="n">Value</th>
              </tr>
            </thead>
            <tbody>
              @for (day of list.items(); track day.day) {
                <tr>
                  <th scope="row">
                    {{ prefs.calendarDay(day.day, true) }}
                    @if (notes(day, sum.base); as words) {
                      <span class="sub">{{ words }}</span>
                    }
                  </th>
                  <td class="n w">{{ prefs.money(day.capital, sum.base) }}</td>
                  <td class="n">{{ moves(day.flow) ? prefs.money(day.flow, sum.base, { signed: true }) : '—' }}</td>
                  <td class="n">{{ prefs.money(day.value, sum.base) }}</td>
                </tr>
              }
            </tbody>
          </table>
        </div>
        <ui-more [shown]="list.hasMore()" [busy]="list.loadingMore()" (more)="list.more()" />
      } @else {
        <ui-empty icon="clock" title="No money moved">
          On none of these days was anything put in, taken out or earned.
        </ui-empty>
      }
    } @else {
      <ui-skeleton-rows [rows]="6" />
    }
  </ui-dialog>`,
  styleUrl: './explain.scss',
  styles: `
    .days-h {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 0 12px;
    }
    .tbl th:first-child,
    .tbl td:first-child {
      padding-left: 0;
    }
    .tbl th:last-child,
    .tbl td:last-child {
      padding-right: 0;
    }
    @container (max-width: 460px) {
      .w {
        display: none;
      }
    }
  `,
})
export class ExplainReturn {
  protected readonly of = inject(DIALOG_VALUE) as Explainable & { kind: 'return' };
  protected readonly prefs = inject(Prefs);
  protected readonly moved = signal(true);
  protected readonly list = readPages(
    readReturn,
    () => ({
      scope: this.of.scope,
      ...(this.of.id ? { id: this.of.id } : {}),
      range: this.of.range,
      base: this.prefs.base(),
      moved: this.moved(),
      limit: PAGE,
    }),
    { live: 'portfolio' },
  );

  protected moves(amount: string): boolean {
    return signOf(amount) !== 0;
  }
  /** What else there is to say of a day. */
  protected notes(day: ReturnDay, base: string): string {
    const money = (word: string, amount: string | null, signed = false) =>
      amount !== null && this.moves(amount) ? [`${word} ${this.prefs.money(amount, base, { signed })}`] : [];
    return [
      ...(day.gap ? [`no return: ${GAP_WORDS[day.gap]}`] : []),
      ...money('income', day.income),
      ...money('costs', day.costs),
      ...money('exchange rates', day.currencyEffect, true),
    ].join(' · ');
  }
}
