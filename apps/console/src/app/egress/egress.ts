import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { paths } from '../paths';
import { Icon } from '../ui/icon';
import { EgressView } from './egress-view';

/** What left for me, and for everybody here. */
@Component({
  selector: 'app-egress',
  imports: [RouterLink, Icon, EgressView],
  template: `
    <div class="page narrow">
      <div class="page-h">
        <h1>What left this server</h1>
        <span class="grow"></span>
        <a class="btn" [routerLink]="paths.settings"><ui-icon name="settings" [size]="15" />Settings</a>
      </div>
      <p class="muted">
        Every call that was made to another server for you, and those that were made for everybody here. What was said
        in it is not kept. Your ledger and your credentials are in none of them; a file of yours is only where you
        agreed to have it read by AI.
      </p>
      <app-egress-view />
    </div>
  `,
})
export default class EgressPage {
  protected readonly paths = paths;
}
