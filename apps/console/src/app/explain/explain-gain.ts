import { Component, inject } from '@angular/core';
import { explainGain } from '../../api/functions';
import { METHOD_WORDS, RULE_WORDS } from '../gains/words';
import { read } from '../shell/api';
import { Delta } from '../ui/delta';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_VALUE } from '../ui/dialog-ref';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { ProblemCard, SkeletonRows } from '../ui/states';
import type { Explainable } from './explained';
import { Trade } from './trade';

/** A realised gain taken apart: the sale, and every lot with the transaction by which it came. */
@Component({
  selector: 'app-explain-gain',
  imports: [Delta, DialogFrame, Icon, ProblemCard, SkeletonRows, Trade],
  template: `<ui-dialog title="Where this comes from" [wide]="true">
    @if (gain.error(); as failed) {
      <ui-problem title="This gain could not be taken apart" [detail]="failed" (again)="gain.reload()" />
    } @else if (gain.value(); as it) {
      <section aria-label="Gain">
        <p class="lab">{{ of.name }}</p>
        <p class="mid">
          @if (it.gain; as amount) {
            <ui-delta [change]="{ amount, ratio: null }" [currency]="it.base" />
          } @else {
            Not known
          }
        </p>
        <dl class="sums">
          <div>
            <dt>Proceeds: quantity × price, less the fee</dt>
            <dd class="num">{{ it.proceeds === null ? 'Not known' : prefs.money(it.proceeds, it.base) }}</dd>
          </div>
          <div>
            <dt>Cost: what the lots below cost</dt>
            <dd class="num">{{ it.cost === null ? 'Not known' : prefs.money(it.cost, it.base) }}</dd>
          </div>
          <div class="total">
            <dt>Gain: proceeds less cost</dt>
            <dd class="num">
              {{ it.gain === null ? 'Not known' : prefs.money(it.gain, it.base, { signed: true }) }}
            </dd>
          </div>
        </dl>
      </section>
      @for (reason of it.reasons; track reason) {
        <p class="rule"><ui-icon name="circle-alert" [size]="14" /> {{ reason }}</p>
      }
      @if (it.short) {
        <p class="rule">
          What was owed was closed here: the lots are what was opened, and the cost is what closing cost.
        </p>
      }
      <section class="lot" aria-labelledby="gain-sale">
        <h3 id="gain-sale">{{ it.short ? 'Closed by' : 'The sale' }}</h3>
        <app-trade [trade]="it.disposal" [base]="it.base" />
      </section>
      <section aria-labelledby="gain-lots">
        <h3 id="gain-lots">Lots, {{ methods[it.method].toLowerCase() }}</h3>
      </section>
      <ol class="lots" aria-labelledby="gain-lots">
        @for (lot of it.lots; track $index) {
          <li class="lot">
            <p>
              <b class="num">{{ prefs.exactQuantity(lot.quantity) }} {{ it.disposal.symbol }}</b>
              · {{ lot.acquiredAt ? 'of ' + prefs.day(lot.acquiredAt) + ', ' : '' }}{{ rules[lot.rule] }}
            </p>
            <dl class="sums">
              <div>
                <dt class="num">
                  Cost: {{ prefs.exactQuantity(lot.quantity) }} of {{ prefs.exactQuantity(lot.of.quantity) }}
                  {{ it.disposal.symbol }} that cost
                  {{ lot.of.cost === null ? 'an unknown amount' : prefs.money(lot.of.cost, it.base) }}
                </dt>
                <dd class="num">{{ lot.cost === null ? 'Not known' : prefs.money(lot.cost, it.base) }}</dd>
              </div>
              <div>
                <dt>Its part of the proceeds</dt>
                <dd class="num">{{ lot.proceeds === null ? 'Not known' : prefs.money(lot.proceeds, it.base) }}</dd>
              </div>
              <div class="total">
                <dt>Gain</dt>
                <dd class="num">
                  {{ lot.gain === null ? 'Not known' : prefs.money(lot.gain, it.base, { signed: true }) }}
                </dd>
              </div>
            </dl>
            @if (lot.acquisition; as came) {
              <h4>{{ it.short ? 'Opened by' : 'Came by' }}</h4>
              <app-trade [trade]="came" [base]="it.base" />
            }
          </li>
        }
      </ol>
    } @else {
      <ui-skeleton-rows [rows]="5" />
    }
  </ui-dialog>`,
  styleUrl: './explain.scss',
  styles: `
    .mid {
      font-size: 24px;
    }
    b {
      font-weight: 600;
    }
    ol {
      padding: 0;
      list-style: none;
    }
    h4 {
      margin: 2px 0 0;
      font-size: 12px;
      font-weight: 600;
      color: var(--c-text-2);
    }
    .lot {
      font-size: 13px;
    }
    .rule ui-icon {
      color: var(--c-warn);
      vertical-align: -2px;
    }
  `,
})
export class ExplainGain {
  protected readonly of = inject(DIALOG_VALUE) as Explainable & { kind: 'gain' };
  protected readonly prefs = inject(Prefs);
  protected readonly methods = METHOD_WORDS;
  protected readonly rules = RULE_WORDS;
  protected readonly gain = read(explainGain, () => ({ id: this.of.id, base: this.prefs.base() }), {
    live: 'portfolio',
  });
}
