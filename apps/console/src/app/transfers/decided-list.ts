import { Component, inject, input } from '@angular/core';
import { listTransfers } from '../../api/functions';
import { readPages } from '../shell/api';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { TransferSide } from './transfer-side';
import { Verdicts } from './verdicts';
import { VERDICT_ICONS, verdictWords } from './words';

const BY = { match: 'found by Scani', user: 'decided by you', rule: 'by a rule' } as const;

/** What has been decided, the latest first, and the way back. */
@Component({
  selector: 'app-decided-list',
  imports: [Icon, MoreButton, Empty, ProblemCard, SkeletonRows, TransferSide],
  template: `<section class="card" aria-label="Decided transfers">
    @if (list.error(); as failed) {
      <ui-problem title="The transfers could not be loaded" [detail]="failed" (again)="list.reload()" />
    } @else if (list.pending()) {
      <ui-skeleton-rows [rows]="6" />
    } @else if (list.items().length) {
      <ul class="rows">
        @for (one of list.items(); track one.id) {
          <li>
            <span class="tile-ic"><ui-icon [name]="icons[one.verdict]" /></span>
            <div class="main">
              <p class="d">
                {{ wordsOf(one.verdict, one.entries) }} · {{ by[one.decidedBy] }} · {{ prefs.ago(one.decidedAt) }}
              </p>
              <div class="sides" [class.many]="one.entries.length > 1">
                @for (side of one.entries; track side.id) {
                  <app-transfer-side [side]="side" />
                }
              </div>
            </div>
            @if (!readOnly() && one.decidedBy !== 'rule') {
              <button
                type="button"
                class="btn sm ghost"
                [disabled]="verdicts.busy()"
                [attr.aria-label]="'Undo: ' + wordsOf(one.verdict, one.entries) + ', ' + one.entries[0]?.accountName"
                (click)="verdicts.remove(one.id)"
              >
                <ui-icon name="unlink" [size]="14" /><span>Undo</span>
              </button>
            }
          </li>
        }
      </ul>
      <ui-more [shown]="list.hasMore()" [busy]="list.loadingMore()" (more)="list.more()" />
    } @else {
      <ui-empty icon="arrow-left-right" title="Nothing decided yet">
        Transfers that were linked or decided are listed here, and can be taken apart.
      </ui-empty>
    }
  </section>`,
  styles: `
    .rows > li {
      align-items: flex-start;
      padding-block: 11px;
    }
    .main {
      container-type: inline-size;
    }
    .sides {
      display: grid;
      gap: 4px 20px;
      margin-top: 3px;
    }
    .many {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    @container (max-width: 460px) {
      .many {
        grid-template-columns: minmax(0, 1fr);
      }
    }
    @media (max-width: 720px) {
      .btn {
        min-height: 44px;
        width: 44px;
        padding: 0;
      }
      .btn span {
        display: none;
      }
    }
  `,
})
export class DecidedList {
  readonly readOnly = input.required<boolean>();
  protected readonly prefs = inject(Prefs);
  protected readonly verdicts = inject(Verdicts);
  protected readonly icons = VERDICT_ICONS;
  protected readonly wordsOf = verdictWords;
  protected readonly by = BY;
  protected readonly list = readPages(listTransfers, () => ({ limit: 30 }), { live: 'portfolio' });
}
