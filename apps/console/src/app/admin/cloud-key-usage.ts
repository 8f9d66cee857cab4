import { Component, computed, inject } from '@angular/core';
import { getCloudKeyUsage } from '../../api/functions';
import type { CloudKey } from '../../api/models';
import { read } from '../shell/api';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { routeWord } from './cloud-key-words';

const DAYS = 31;
const DAY_MS = 86_400_000;
const HEIGHT = 64;

/** What a key used in the last days, as bars and as rows. */
@Component({
  selector: 'app-cloud-key-usage',
  imports: [DialogFrame, Empty, ProblemCard, SkeletonRows],
  template: `<ui-dialog [title]="'Usage of ' + key.name" [wide]="true">
    @if (usage.error(); as problem) {
      <ui-problem title="The usage could not be loaded" [detail]="problem" (again)="usage.reload()" />
    } @else if (usage.value(); as it) {
      @if (it.items.length) {
        <figure>
          <svg
            [attr.viewBox]="'0 0 ' + bars().length * 10 + ' ' + height"
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            @for (bar of bars(); track bar.day) {
              <rect
                [attr.x]="$index * 10 + 1"
                [attr.y]="height - bar.height"
                width="8"
                [attr.height]="bar.height"
                rx="1.5"
              >
                <title>{{ prefs.calendarDay(bar.day) }}: {{ prefs.count(bar.units) }} units</title>
              </rect>
            }
          </svg>
          <figcaption class="muted">
            <span>{{ prefs.calendarDay(it.from) }}</span>
            <span>Units a day, at most {{ prefs.count(most()) }}</span>
            <span>{{ prefs.calendarDay(it.to) }}</span>
          </figcaption>
        </figure>
        <div class="tbl-box" tabindex="0" role="region" aria-label="Usage per day and route">
          <table class="tbl">
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col">Route</th>
                <th scope="col" class="n">Requests</th>
                <th scope="col" class="n">Units</th>
                <th scope="col" class="n">Failed</th>
                <th scope="col" class="n">Cost</th>
              </tr>
            </thead>
            <tbody>
              @for (row of it.items; track row.day + row.route) {
                <tr>
                  <td class="day">{{ prefs.calendarDay(row.day) }}</td>
                  <th scope="row">{{ routeWord(row.route) }}</th>
                  <td class="n">{{ prefs.count(row.requests) }}</td>
                  <td class="n">{{ prefs.count(row.units) }}</td>
                  <td class="n">{{ prefs.count(row.errors) }}</td>
                  <td class="n">{{ prefs.price(row.cost, 'USD') }}</td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      } @else {
        <ui-empty icon="activity" title="Nothing was asked">This key was not used in the last ${DAYS} days.</ui-empty>
      }
    } @else {
      <ui-skeleton-rows [rows]="4" />
    }
    <ng-container footer>
      <button type="button" class="btn" (click)="ref.close()">Close</button>
    </ng-container>
  </ui-dialog>`,
  styles: `
    figure {
      margin: 0;
    }
    svg {
      display: block;
      width: 100%;
      height: 96px;
      border-bottom: 1px solid var(--c-line);
    }
    rect {
      fill: var(--c-accent);
    }
    figcaption {
      display: flex;
      justify-content: space-between;
      gap: 10px;
      padding-top: 4px;
      font-size: 12px;
    }
    .day {
      white-space: nowrap;
    }
    tbody td,
    tbody th {
      height: 40px;
    }
  `,
})
export class CloudKeyUsage {
  protected readonly ref: OpenDialog = inject(DIALOG_REF);
  protected readonly key = inject(DIALOG_VALUE) as CloudKey;
  protected readonly prefs = inject(Prefs);
  protected readonly routeWord = routeWord;
  protected readonly height = HEIGHT;
  protected readonly usage = read(getCloudKeyUsage, () => ({ id: this.key.id, days: DAYS }));
  private readonly days = computed(() => {
    const it = this.usage.value();
    if (!it) return [];
    const units = new Map<string, number>();
    for (const row of it.items) units.set(row.day, (units.get(row.day) ?? 0) + row.units);
    const first = Date.parse(it.from);
    const count = (Date.parse(it.to) - first) / DAY_MS + 1;
    return Array.from({ length: count }, (_, n) => {
      const day = new Date(first + n * DAY_MS).toISOString().slice(0, 10);
      return { day, units: units.get(day) ?? 0 };
    });
  });
  protected readonly most = computed(() => Math.max(0, ...this.days().map((one) => one.units)));
  protected readonly bars = computed(() =>
    this.days().map((one) => ({
      ...one,
      // What was used at all is seen.
      height: one.units === 0 ? 0 : Math.max(2, (one.units / this.most()) * HEIGHT),
    })),
  );
}
