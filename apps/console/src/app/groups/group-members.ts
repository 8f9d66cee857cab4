import { Component, inject, signal } from '@angular/core';
import { listAccounts, listHoldings, setGroupMembers } from '../../api/functions';
import type { Group } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { Icon } from '../ui/icon';
import { SkeletonRows } from '../ui/states';

/** What is in a group: whole accounts, and single holdings. */
@Component({
  selector: 'app-group-members',
  imports: [DialogFrame, Icon, SkeletonRows],
  template: `<ui-dialog [title]="'In “' + group.name + '”'">
    @if (accounts.value(); as list) {
      <fieldset>
        <legend>Whole accounts</legend>
        @for (one of list.items; track one.id) {
          <label class="check">
            <input type="checkbox" [checked]="accountIds().has(one.id)" (change)="toggle(accountIds, one.id)" />{{
              one.name
            }}
          </label>
        }
      </fieldset>
    } @else {
      <ui-skeleton-rows [rows]="2" />
    }
    @if (holdings.value(); as list) {
      <fieldset>
        <legend>Single holdings</legend>
        @for (one of list.items; track one.id) {
          <label class="check">
            <input type="checkbox" [checked]="holdingIds().has(one.id)" (change)="toggle(holdingIds, one.id)" />{{
              one.asset.name
            }}
            <span class="muted">{{ one.account.name }}</span>
          </label>
        }
      </fieldset>
    }
    @if (failed()) {
      <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ failed() }}</p>
    }
    <ng-container footer>
      <button type="button" class="btn" (click)="ref.close()">Cancel</button>
      <button type="button" class="btn primary" [disabled]="busy()" (click)="save()">Save</button>
    </ng-container>
  </ui-dialog>`,
  styles: `
    fieldset {
      display: grid;
      margin: 0;
      padding: 0;
      border: 0;
    }
    legend {
      padding: 0 0 4px;
      font-weight: 600;
      font-size: 13px;
    }
  `,
})
export class GroupMembersDialog {
  protected readonly ref: OpenDialog<boolean> = inject(DIALOG_REF);
  protected readonly group = inject(DIALOG_VALUE) as Group;
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  protected readonly accounts = read(listAccounts, () => ({}));
  protected readonly holdings = read(listHoldings, () => ({ sort: 'name' as const, limit: 200 }));
  protected readonly accountIds = signal(new Set(this.group.accountIds));
  protected readonly holdingIds = signal(new Set(this.group.holdingIds));
  protected readonly busy = signal(false);
  protected readonly failed = signal('');

  protected toggle(ids: typeof this.accountIds, id: string): void {
    ids.update((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }
  protected async save(): Promise<void> {
    this.busy.set(true);
    this.failed.set('');
    try {
      const body = { accountIds: [...this.accountIds()], holdingIds: [...this.holdingIds()] };
      await this.api.call(setGroupMembers, { id: this.group.id, body });
      this.live.touch('portfolio');
      this.ref.close(true);
    } catch (error) {
      this.failed.set(messageOf(error));
      this.busy.set(false);
    }
  }
}
