import { Component, computed, inject, signal } from '@angular/core';
import { createGroup, deleteGroup, listAccounts, listGroups, listHoldings, updateGroup } from '../../api/functions';
import type { Group } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import type { Question } from '../ui/confirm';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';

/** Labels of one's own on holdings and whole accounts. */
@Component({
  selector: 'app-group-list',
  imports: [Icon, Empty, ProblemCard, SkeletonRows],
  templateUrl: './group-list.html',
})
export default class GroupList {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly dialogs = inject(Dialogs);
  protected readonly failed = signal('');
  protected readonly groups = read(listGroups, () => ({}), { live: 'portfolio' });
  private readonly holdings = read(listHoldings, () => ({ limit: 200 }), { live: 'portfolio' });
  private readonly accounts = read(listAccounts, () => ({}), { live: 'portfolio' });
  private readonly names = computed(
    () =>
      new Map([
        ...(this.holdings.value()?.items ?? []).map((one) => [one.id, one.asset.name] as const),
        ...(this.accounts.value()?.items ?? []).map((one) => [one.id, one.name] as const),
      ]),
  );

  protected members(group: Group): string {
    const names = [...group.accountIds, ...group.holdingIds].flatMap((id) => this.names().get(id) ?? []);
    if (!names.length) return 'Nothing in it yet';
    return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
  }
  protected async create(): Promise<void> {
    const name = await this.askName('Name the group', '');
    if (name) await this.change(() => this.api.call(createGroup, { body: { name } }));
  }
  protected async rename(group: Group): Promise<void> {
    const name = await this.askName('Rename the group', group.name);
    if (name) await this.change(() => this.api.call(updateGroup, { id: group.id, body: { name } }));
  }
  protected async choose(group: Group): Promise<void> {
    await this.dialogs.open(() => import('./group-members').then((m) => m.GroupMembersDialog), group);
  }
  protected async remove(group: Group): Promise<void> {
    const question: Question = {
      title: `Delete “${group.name}”?`,
      text: 'Only the label goes. Holdings and accounts stay as they are.',
      yes: 'Delete group',
      danger: true,
    };
    const sure = await this.dialogs.open<boolean>(() => import('../ui/confirm').then((m) => m.Confirm), question);
    if (sure) await this.change(() => this.api.call(deleteGroup, { id: group.id }));
  }
  private askName(title: string, name: string): Promise<string | undefined> {
    return this.dialogs.open<string>(() => import('../ui/rename').then((m) => m.Rename), { title, name });
  }
  private async change(action: () => Promise<unknown>): Promise<void> {
    this.failed.set('');
    try {
      await action();
      this.live.touch('portfolio');
    } catch (error) {
      this.failed.set(messageOf(error));
    }
  }
}
