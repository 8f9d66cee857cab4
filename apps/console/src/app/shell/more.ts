import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../ui/icon';
import { ADMIN, DATA, PORTFOLIO, SETTINGS } from './navigation';
import { Session } from './session';

/** What the tab bar of a phone has no room for. */
@Component({
  selector: 'app-more',
  imports: [RouterLink, Icon],
  template: `
    <div class="page narrow">
      <h1>More</h1>
      <ul class="card rows">
        @for (item of items(); track item.link) {
          <li>
            <a [routerLink]="item.link">
              <span class="tile-ic"><ui-icon [name]="item.icon" /></span><span class="t">{{ item.label }}</span
              ><ui-icon name="chevron-right" [size]="16" />
            </a>
          </li>
        }
      </ul>
    </div>
  `,
  styles: `
    li {
      padding: 0;
    }
    a {
      display: flex;
      align-items: center;
      gap: 12px;
      width: 100%;
      min-height: 56px;
      padding: 0 18px;
      color: var(--c-text);
    }
    .t {
      flex: 1;
    }
  `,
})
export default class More {
  private readonly session = inject(Session);
  protected readonly items = computed(() => [
    ...PORTFOLIO.slice(3),
    ...DATA,
    ...(this.session.me()?.role === 'admin' ? ADMIN : []),
    SETTINGS,
  ]);
}
