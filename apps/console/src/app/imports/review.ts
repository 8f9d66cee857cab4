import { Component, computed, inject, input, linkedSignal, output } from '@angular/core';
import { listImportRows } from '../../api/functions';
import type { Import, ImportRowState } from '../../api/models';
import { TRANSACTION_WORDS } from '../holdings/words';
import { readPages } from '../shell/api';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Segmented } from '../ui/segmented';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';

/** What was found in a file, before anything is recorded. */
@Component({
  selector: 'app-review',
  imports: [Icon, MoreButton, Segmented, Empty, ProblemCard, SkeletonRows],
  templateUrl: './review.html',
  styleUrl: './review.scss',
})
export class Review {
  readonly import = input.required<Import>();
  readonly busy = input(false);
  readonly confirmed = output<void>();
  protected readonly prefs = inject(Prefs);
  protected readonly words = TRANSACTION_WORDS;
  protected readonly tabs = computed(() => {
    const { counts } = this.import();
    return [
      { value: 'new' as const, label: 'New', count: counts.new },
      { value: 'known' as const, label: 'Already known', count: counts.known },
      { value: 'problem' as const, label: 'Problems', count: counts.problems },
    ];
  });
  /** Opens on what matters most: what is new, else what is wrong. */
  protected readonly state = linkedSignal<string, ImportRowState>({
    source: () => this.import().id,
    computation: () => {
      const { counts } = this.import();
      return counts.new || !counts.problems ? 'new' : 'problem';
    },
  });
  protected readonly rows = readPages(listImportRows, () => ({
    id: this.import().id,
    state: this.state(),
    limit: 50,
  }));
  protected readonly explained = computed(
    () =>
      ({
        new: 'These will be recorded when you confirm.',
        known: 'These are in the ledger already, from an earlier file or sync. They are left alone.',
        problem: 'These lines could not be understood and will not be recorded.',
      })[this.state()],
  );
}
