import { Component, inject, input, model } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Holding, HoldingSort } from '../../api/models';
import { Explainable, Explained } from '../explain/explained';
import { paths } from '../paths';
import { Delta } from '../ui/delta';
import { CoverageMark } from '../ui/figure';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Sparkline } from '../ui/sparkline';

/** Holdings, one to a row. The server sorts; the headers only say what is wanted. */
@Component({
  selector: 'app-holdings-table',
  imports: [RouterLink, Delta, CoverageMark, Explained, Icon, Sparkline],
  templateUrl: './holdings-table.html',
  styleUrl: './holdings-table.scss',
})
export class HoldingsTable {
  readonly rows = input.required<readonly Holding[]>();
  readonly sort = model<HoldingSort>('value');
  /** On the page of one account its name would only repeat. */
  readonly account = input(true);
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;

  protected explained(row: Holding): Explainable {
    return { kind: 'value', name: row.asset.name, scope: 'holding', id: row.id };
  }
  protected sorted(by: HoldingSort): 'ascending' | 'descending' | 'none' {
    if (this.sort() !== by) return 'none';
    return by === 'name' ? 'ascending' : 'descending';
  }
}
