import { Component, computed, inject, input, signal } from '@angular/core';
import type { ValuePart } from '../../api/models';
import { sourceOf } from '../holdings/words';
import { signOf } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { PriceWay } from './price-way';
import { balanceWords, EXCLUSION_WORDS, unpricedWords, walkedWords } from './words';

/** One holding within a value; opened, it shows balance × price = value. */
@Component({
  selector: 'app-value-part',
  imports: [Icon, PriceWay],
  templateUrl: './value-part.html',
  styleUrl: './value-part.scss',
})
export class ValuePartRow {
  readonly part = input.required<ValuePart>();
  readonly base = input.required<string>();
  /** The instant of the figure. */
  readonly at = input.required<string>();
  readonly startOpen = input(false);
  protected readonly prefs = inject(Prefs);
  protected readonly source = sourceOf;
  private readonly chosen = signal<boolean | undefined>(undefined);
  protected readonly open = computed(() => this.chosen() ?? this.startOpen());
  protected readonly panel = computed(() => `part-${this.part().holdingId}`);
  protected readonly drifted = computed(() => signOf(this.part().balance.drift) !== 0);
  protected readonly walked = computed(() => {
    const { seen } = this.part().balance;
    return walkedWords(seen?.at ?? null, this.at());
  });
  protected readonly balanceWord = computed(() => balanceWords(this.part().accountKind));
  protected readonly left = computed(() => {
    const { excluded } = this.part();
    return excluded && EXCLUSION_WORDS[excluded];
  });
  protected readonly unpriced = computed(() => {
    const { symbol, unpriceable } = this.part();
    return unpricedWords(symbol, this.base(), unpriceable);
  });

  protected toggle(): void {
    this.chosen.set(!this.open());
  }
}
