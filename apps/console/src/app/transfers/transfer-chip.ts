import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { TransferMark } from '../../api/models';
import { paths } from '../paths';
import { Icon } from '../ui/icon';
import { VERDICT_ICONS, VERDICT_WORDS } from './words';

/** Says in a list of entries that one is part of a transfer, and with which account. */
@Component({
  selector: 'app-transfer-chip',
  imports: [RouterLink, Icon],
  template: `<a class="tag" [routerLink]="paths.transfers" [queryParams]="{ view: 'decided' }" [title]="title()"
    ><ui-icon [name]="icon()" [size]="12" />{{ label() }}</a
  >`,
  styles: `
    a {
      max-width: 100%;
      color: var(--c-text-2);
      white-space: normal;
      overflow-wrap: anywhere;
    }
    ui-icon {
      flex: none;
    }
  `,
})
export class TransferChip {
  readonly transfer = input.required<TransferMark>();
  /** Of the entry; says whether the other side is behind or ahead. */
  readonly quantity = input.required<string>();
  protected readonly paths = paths;
  protected readonly icon = computed(() => VERDICT_ICONS[this.transfer().verdict]);
  protected readonly title = computed(() => VERDICT_WORDS[this.transfer().verdict]);
  protected readonly label = computed(() => {
    const { verdict, otherAccountName: other } = this.transfer();
    const out = this.quantity().startsWith('-');
    if (other) return out ? `to ${other}` : `from ${other}`;
    return verdict === 'left-my-control' && !out ? 'Came from others' : VERDICT_WORDS[verdict];
  });
}
