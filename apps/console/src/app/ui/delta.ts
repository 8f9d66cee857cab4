import { Component, computed, inject, input } from '@angular/core';
import type { Change } from '../../api/models';
import { signOf } from './format';
import { Icon } from './icon';
import type { IconName } from './icon-names';
import { Prefs } from './prefs';

/** A change: never by colour alone, always with sign and arrow. */
@Component({
  selector: 'ui-delta',
  imports: [Icon],
  template: `<ui-icon [name]="icon()" [size]="14" [stroke]="2.25" /><span class="num">{{ text() }}</span>`,
  host: { '[class]': 'cls()' },
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 3px;
      font-weight: 550;
      color: var(--c-text-2);
      white-space: nowrap;
    }
    :host(.up) {
      color: var(--c-gain);
    }
    :host(.down) {
      color: var(--c-loss);
    }
    :host(.pill) {
      padding: 3px 9px 3px 7px;
      border-radius: 999px;
      background: var(--c-surface-2);
      font-size: 13px;
    }
    :host(.pill.up) {
      background: var(--c-gain-bg);
    }
    :host(.pill.down) {
      background: var(--c-loss-bg);
    }
  `,
})
export class Delta {
  readonly change = input.required<Change>();
  /** `ratio` shows the per cent alone, `both` the amount with the per cent behind it. */
  readonly show = input<'ratio' | 'both'>('ratio');
  readonly currency = input<string>();
  readonly pill = input(false);
  private readonly prefs = inject(Prefs);
  private readonly sign = computed(() => signOf(this.change().amount));
  protected readonly cls = computed(
    () => `${this.sign() > 0 ? 'up' : this.sign() < 0 ? 'down' : 'flat'}${this.pill() ? ' pill' : ''}`,
  );
  protected readonly icon = computed<IconName>(() =>
    this.sign() > 0 ? 'arrow-up-right' : this.sign() < 0 ? 'arrow-down-right' : 'minus',
  );
  protected readonly text = computed(() => {
    const { amount, ratio } = this.change();
    const percent = ratio === null ? null : this.prefs.ratio(ratio, true);
    if (this.show() === 'ratio' && percent) return percent;
    const money = this.prefs.money(amount, this.currency(), { signed: true });
    return percent && this.show() === 'both' ? `${money} (${percent})` : money;
  });
}
