import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { listImports } from '../../api/functions';
import type { Import } from '../../api/models';
import { paths } from '../paths';
import { readPages } from '../shell/api';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { STATE_WORDS } from './steps';

@Component({
  selector: 'app-import-list',
  imports: [RouterLink, Icon, MoreButton, Empty, ProblemCard, SkeletonRows],
  template: `
    <div class="page narrow">
      <div class="page-h">
        <h1>Imports</h1>
        <span class="grow"></span>
        <a class="btn primary" [routerLink]="paths.newImport"><ui-icon name="file-up" [size]="16" />Import a file</a>
      </div>
      <section class="card" aria-label="Imports">
        @if (list.error(); as failed) {
          <ui-problem title="The imports could not be loaded" [detail]="failed" (again)="list.reload()" />
        } @else if (list.pending()) {
          <ui-skeleton-rows [rows]="5" />
        } @else if (list.items().length) {
          <ul class="rows">
            @for (one of list.items(); track one.id) {
              <li>
                <span class="tile-ic"><ui-icon name="file-text" /></span>
                <div class="main">
                  <a class="t" [routerLink]="paths.import(one.id)">{{ one.fileName }}</a>
                  <p class="d">{{ one.account.name }} · {{ prefs.dayTime(one.createdAt) }}{{ counts(one) }}</p>
                </div>
                <span class="tag" [class]="words[one.state].tone">{{ words[one.state].word }}</span>
              </li>
            }
          </ul>
          <ui-more [shown]="list.hasMore()" [busy]="list.loadingMore()" (more)="list.more()" />
        } @else {
          <ui-empty icon="file-up" title="No files yet">
            Bring a statement as CSV, OFX or PDF, or a picture of what you own. You see what was found before anything
            is recorded, and a file that overlaps with an earlier one adds nothing twice.
            <a action class="btn primary" [routerLink]="paths.newImport">Import a file</a>
          </ui-empty>
        }
      </section>
    </div>
  `,
  styles: `
    li {
      position: relative;
    }
    li:hover {
      background: var(--c-hover);
    }
    a.t {
      color: var(--c-text);
    }
    a.t::after {
      content: '';
      position: absolute;
      inset: 0;
    }
  `,
})
export default class ImportList {
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly words = STATE_WORDS;
  protected readonly list = readPages(listImports, () => ({ limit: 30 }), { live: 'import' });

  protected counts(one: Import): string {
    if (one.state === 'recorded') return ` · ${this.prefs.count(one.counts.recorded)} recorded`;
    return one.state === 'to-review' ? ` · ${this.prefs.count(one.counts.new)} new` : '';
  }
}
