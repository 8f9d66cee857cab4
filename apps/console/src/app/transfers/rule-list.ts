import { Component, inject, input } from '@angular/core';
import { listTransferRules } from '../../api/functions';
import type { TransferRule } from '../../api/models';
import { read } from '../shell/api';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { Verdicts } from './verdicts';
import { VERDICT_ICONS, VERDICT_WORDS } from './words';

/** What is always said of a counterparty. */
@Component({
  selector: 'app-rule-list',
  imports: [Icon, Empty, ProblemCard, SkeletonRows],
  template: `<section class="card" aria-label="Standing rules">
    @if (list.error(); as failed) {
      <ui-problem title="The rules could not be loaded" [detail]="failed" (again)="list.reload()" />
    } @else if (list.pending()) {
      <ui-skeleton-rows [rows]="4" />
    } @else if (list.value()?.items?.length) {
      <ul class="rows">
        @for (rule of list.value()?.items; track rule.id) {
          <li>
            <span class="tile-ic"><ui-icon [name]="icons[rule.verdict]" /></span>
            <div class="main">
              <p class="t">{{ rule.direction === 'out' ? 'To' : 'From' }} “{{ rule.counterparty }}”</p>
              <p class="d">
                {{ wordsOf(rule) }} · decides {{ prefs.count(rule.decided) }}
                {{ rule.decided === 1 ? 'entry' : 'entries' }}
              </p>
            </div>
            @if (!readOnly()) {
              <button
                type="button"
                class="btn ghost icon"
                [disabled]="verdicts.busy()"
                [attr.aria-label]="'Delete the rule for ' + rule.counterparty + ' and undo what it decided'"
                title="Delete the rule and undo what it decided"
                (click)="verdicts.removeRule(rule.id)"
              >
                <ui-icon name="trash-2" [size]="16" />
              </button>
            }
          </li>
        }
      </ul>
    } @else {
      <ui-empty icon="list" title="No standing rules">
        Tick “Always for …” while you decide an entry, and every other one of that counterparty is decided alike, now
        and later.
      </ui-empty>
    }
  </section>`,
  styles: `
    @media (max-width: 720px) {
      .btn {
        min-height: 44px;
        width: 44px;
      }
    }
  `,
})
export class RuleList {
  readonly readOnly = input.required<boolean>();
  protected readonly prefs = inject(Prefs);
  protected readonly verdicts = inject(Verdicts);
  protected readonly icons = VERDICT_ICONS;
  protected readonly list = read(listTransferRules, () => ({}), { live: 'portfolio' });

  protected wordsOf({ verdict, direction }: TransferRule): string {
    return verdict === 'left-my-control' && direction === 'in' ? 'Came from others' : VERDICT_WORDS[verdict];
  }
}
