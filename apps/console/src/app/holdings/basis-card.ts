import { Component, inject, input } from '@angular/core';
import { getHoldingBasis } from '../../api/functions';
import { METHOD_WORDS } from '../gains/words';
import { read } from '../shell/api';
import { Delta } from '../ui/delta';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';

/** What a holding has cost: lot by lot, and what it would gain now. */
@Component({
  selector: 'app-basis-card',
  imports: [Delta, Icon, Empty, ProblemCard, SkeletonRows],
  template: `
    @if (basis.error(); as failed) {
      <ui-problem title="The cost could not be worked out" [detail]="failed" (again)="basis.reload()" />
    } @else if (basis.value(); as it) {
      <dl>
        <div>
          <dt>{{ it.short ? 'Fetched' : 'Cost' }}</dt>
          <dd class="num" data-testid="basis-cost">
            {{ it.cost === null ? 'Not known' : prefs.money(it.cost, it.base) }}
          </dd>
          <dd class="sub">{{ methods[it.method] }}</dd>
        </div>
        <div>
          <dt>Unrealised</dt>
          <dd>
            @if (it.unrealised; as amount) {
              <ui-delta [change]="{ amount, ratio: null }" [currency]="it.base" />
            } @else {
              Not known
            }
          </dd>
          <dd class="sub">
            {{ it.unknownQuantity === '0' ? 'at the price of now' : 'of the part with a known cost' }}
          </dd>
        </div>
      </dl>
      @if (it.state === 'building') {
        <p class="hint" role="status">
          <ui-icon name="clock" [size]="14" />Being worked out; the figures follow in a moment.
        </p>
      } @else if (it.unknownQuantity !== '0') {
        <p class="warn">
          <ui-icon name="circle-alert" [size]="14" />The cost of {{ prefs.exactQuantity(it.unknownQuantity) }}
          {{ symbol() }} is not known: it came without a price.
        </p>
      }
      @if (it.pooledHoldings > 1) {
        <p class="hint">One pool for the {{ prefs.count(it.pooledHoldings) }} accounts that hold {{ symbol() }}.</p>
      }
      <ul class="rows">
        @for (lot of it.lots; track $index) {
          <li>
            <div class="main">
              <p class="t num">{{ prefs.exactQuantity(lot.quantity) }} {{ symbol() }}</p>
              <p class="d">{{ lot.acquiredAt ? prefs.dayTime(lot.acquiredAt) : 'one pool' }}</p>
            </div>
            @if (lot.cost === null) {
              <span class="tag warn">cost not known</span>
            } @else {
              <b class="num">{{ prefs.money(lot.cost, it.base) }}</b>
            }
          </li>
        } @empty {
          <li class="none" [hidden]="it.state === 'building'">
            <ui-empty icon="coins" title="No lots">Lots appear here as purchases are recorded.</ui-empty>
          </li>
        }
      </ul>
    } @else {
      <ui-skeleton-rows [rows]="3" />
    }
  `,
  styles: `
    dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(180px, 1fr));
      gap: 12px 24px;
      padding: 8px 18px 14px;
    }
    dt,
    .sub,
    .hint {
      font-size: 12.5px;
      color: var(--c-text-2);
    }
    dd:not(.sub) {
      font-size: 15px;
      font-weight: 600;
    }
    .warn:not(.tag),
    .hint {
      display: flex;
      align-items: center;
      gap: 6px;
      padding: 0 18px 10px;
      font-size: 12.5px;
    }
    .warn:not(.tag) {
      color: var(--c-warn);
    }
    ul {
      border-top: 1px solid var(--c-grid);
    }
    b {
      font-weight: 600;
    }
    .none {
      justify-content: center;
    }
  `,
})
export class BasisCard {
  readonly holdingId = input.required<string>();
  readonly symbol = input.required<string>();
  protected readonly prefs = inject(Prefs);
  protected readonly methods = METHOD_WORDS;
  protected readonly basis = read(getHoldingBasis, () => ({ id: this.holdingId() }), { live: 'portfolio' });
}
