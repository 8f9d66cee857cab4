import { Component, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { listGroups, listHoldings } from '../../api/functions';
import type { HoldingSort } from '../../api/models';
import { paths } from '../paths';
import { read, readPages } from '../shell/api';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Segmented } from '../ui/segmented';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { HoldingsTable } from './holdings-table';

@Component({
  selector: 'app-holding-list',
  imports: [HoldingsTable, Icon, Segmented, Empty, ProblemCard, SkeletonRows, MoreButton],
  template: `
    <div class="page">
      <div class="page-h">
        <h1>Holdings</h1>
        <span class="grow"></span>
        @if (groups.value()?.items?.length) {
          <select class="native" aria-label="Group" #pick [value]="group()" (change)="group.set(pick.value)">
            <option value="">All groups</option>
            @for (one of groups.value()?.items; track one.id) {
              <option [value]="one.id">{{ one.name }}</option>
            }
          </select>
        }
        @if (which() === 'counted') {
          <label class="check">
            <input type="checkbox" [checked]="closed()" (change)="closed.set(!closed())" />Show closed too
          </label>
        }
        <ui-segmented label="Which holdings" [options]="shown" [(value)]="which" />
        <button type="button" class="btn" (click)="add()"><ui-icon name="plus" [size]="16" />Add holding</button>
      </div>
      <section class="card" aria-label="Holdings">
        @if (holdings.error(); as failed) {
          <ui-problem title="The holdings could not be loaded" [detail]="failed" (again)="holdings.reload()" />
        } @else if (holdings.pending()) {
          <ui-skeleton-rows [rows]="9" />
        } @else if (holdings.items().length) {
          <app-holdings-table [rows]="holdings.items()" [(sort)]="sort" />
          <ui-more [shown]="holdings.hasMore()" [busy]="holdings.loadingMore()" (more)="holdings.more()" />
        } @else if (which() === 'hidden') {
          <ui-empty icon="eye-off" title="Nothing is hidden"
            >A holding that you hide is not counted, and waits here.</ui-empty
          >
        } @else {
          <ui-empty icon="coins" title="No holdings yet">
            Add one by hand, or import a statement: every position in it becomes a holding.
            <button action type="button" class="btn primary" (click)="add()">Add a holding</button>
          </ui-empty>
        }
      </section>
    </div>
  `,
})
export default class HoldingList {
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  protected readonly sort = signal<HoldingSort>('value');
  protected readonly which = signal<'counted' | 'hidden'>('counted');
  protected readonly group = signal('');
  /** Empty for more than a week: left out unless asked for. */
  protected readonly closed = signal(false);
  protected readonly shown = [
    { value: 'counted' as const, label: 'Shown' },
    { value: 'hidden' as const, label: 'Hidden' },
  ];
  protected readonly groups = read(listGroups, () => ({}), { live: 'portfolio' });
  private readonly wanted = computed(() => ({
    sort: this.sort(),
    hidden: this.which() === 'hidden',
    ...(this.closed() || this.which() === 'hidden' ? { closed: true } : {}),
    ...(this.group() ? { groupId: this.group() } : {}),
    limit: 50,
  }));
  protected readonly holdings = readPages(listHoldings, this.wanted, { live: 'portfolio' });

  protected async add(): Promise<void> {
    const id = await this.dialogs.open<string>(() => import('./add-holding').then((m) => m.AddHolding));
    if (id) await this.router.navigateByUrl(paths.holding(id));
  }
}
