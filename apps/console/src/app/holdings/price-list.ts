import { Component, inject, input, signal } from '@angular/core';
import { deletePrice, listPrices } from '../../api/functions';
import { Api, readPages } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { sourceOf } from './words';

/** The prices of an asset, those of one's own among them; only these can be taken back. */
@Component({
  selector: 'app-price-list',
  imports: [Icon, MoreButton, Empty, ProblemCard, SkeletonRows],
  template: `
    @if (failed()) {
      <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ failed() }}</p>
    }
    @if (list.error(); as problem) {
      <ui-problem title="The prices could not be loaded" [detail]="problem" (again)="list.reload()" />
    } @else if (list.pending()) {
      <ui-skeleton-rows />
    } @else if (list.items().length) {
      <ul class="rows">
        @for (one of list.items(); track one.id) {
          <li>
            <div class="main">
              <p class="t num">{{ prefs.price(one.value, one.currency) }}</p>
              <p class="d">{{ prefs.dayTime(one.at) }} · {{ one.own ? 'set by you' : source(one.source) }}</p>
            </div>
            @if (one.own) {
              <span class="tag accent">yours</span>
              <button
                type="button"
                class="btn ghost icon"
                (click)="remove(one.id)"
                [attr.aria-label]="'Remove your price of ' + prefs.dayTime(one.at)"
              >
                <ui-icon name="trash-2" [size]="16" />
              </button>
            }
          </li>
        }
      </ul>
      <ui-more [shown]="list.hasMore()" [busy]="list.loadingMore()" (more)="list.more()" />
    } @else {
      <ui-empty icon="coins" title="No price yet">Set one of your own; only you see it.</ui-empty>
    }
  `,
})
export class PriceList {
  readonly assetId = input.required<string>();
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  protected readonly prefs = inject(Prefs);
  protected readonly failed = signal('');
  protected readonly source = sourceOf;
  protected readonly list = readPages(listPrices, () => ({ id: this.assetId(), limit: 25 }), { live: 'portfolio' });

  protected async remove(id: string): Promise<void> {
    this.failed.set('');
    try {
      await this.api.call(deletePrice, { id });
      this.live.touch('portfolio');
    } catch (error) {
      this.failed.set(messageOf(error));
    }
  }
}
