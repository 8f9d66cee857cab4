import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { EgressView } from '../egress/egress-view';
import { paths } from '../paths';
import { Icon } from '../ui/icon';

/** All that left, whoever it was for. */
@Component({
  selector: 'app-all-egress',
  imports: [RouterLink, Icon, EgressView],
  template: `
    <div class="page narrow">
      <div class="page-h">
        <h1>Egress</h1>
        <span class="grow"></span>
        <a class="btn" [routerLink]="paths.admin"><ui-icon name="server" [size]="15" />System</a>
      </div>
      <p class="muted">
        Every call of this installation to somebody else's server, kept for 90 days. People and issued keys have the
        names that logs give them.
      </p>
      <app-egress-view [all]="true" />
    </div>
  `,
})
export default class AllEgressPage {
  protected readonly paths = paths;
}
