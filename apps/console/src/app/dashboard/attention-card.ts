import { Component, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Attention, AttentionKind } from '../../api/models';
import { paths } from '../paths';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-names';
import { ProblemCard, SkeletonRows } from '../ui/states';

interface Look {
  icon: IconName;
  tone: string;
  action: string;
}

const LOOKS: Record<AttentionKind, Look> = {
  unpriced: { icon: 'coins', tone: 'warn', action: 'Set a price' },
  stale: { icon: 'clock', tone: '', action: 'Look' },
  'missing-inflows': { icon: 'triangle-alert', tone: 'warn', action: 'Look' },
  'split-position': { icon: 'split', tone: 'warn', action: 'Look' },
  'job-failed': { icon: 'circle-alert', tone: 'bad', action: 'See the job' },
};

/** For a kind that a newer server knows and this page does not. */
const OTHER: Look = { icon: 'info', tone: '', action: 'Look' };

@Component({
  selector: 'app-attention-card',
  imports: [RouterLink, Icon, ProblemCard, SkeletonRows],
  template: `
    <div class="card-h"><h2>Needs attention</h2></div>
    @if (failed() && !items()) {
      <ui-problem title="Not known" [detail]="failed()" (again)="again.emit()" />
    } @else if (items(); as list) {
      <ul class="rows">
        @for (one of list; track $index) {
          @let look = lookOf(one);
          <li>
            <span class="tile-ic" [class]="look.tone"><ui-icon [name]="look.icon" [size]="17" /></span>
            <div class="main">
              <p class="t">{{ one.title }}</p>
              <p class="d">{{ one.detail }}</p>
              @if (link(one); as to) {
                <a class="lnk" [routerLink]="to" [attr.aria-label]="look.action + ': ' + one.title">{{
                  look.action
                }}</a>
              }
            </div>
          </li>
        } @empty {
          <li>
            <span class="tile-ic good"><ui-icon name="check" [size]="17" /></span>
            <p class="d">All is well. Nothing waits for you.</p>
          </li>
        }
      </ul>
    } @else {
      <ui-skeleton-rows [rows]="2" />
    }
  `,
  styles: `
    :host {
      display: block;
      padding-bottom: 6px;
    }
    li {
      align-items: flex-start;
    }
    .lnk {
      display: inline-flex;
      align-items: center;
    }
  `,
})
export class AttentionCard {
  readonly items = input.required<readonly Attention[] | undefined>();
  readonly failed = input<string>();
  readonly again = output<void>();

  protected lookOf(one: Attention): Look {
    return LOOKS[one.kind] ?? OTHER;
  }
  protected link(one: Attention): string | null {
    if (one.holdingId) return paths.holding(one.holdingId);
    return one.jobId ? paths.jobs : null;
  }
}
