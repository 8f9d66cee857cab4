import { Component, inject, signal } from '@angular/core';
import { listCloudKeys, revokeCloudKey } from '../../api/functions';
import type { CloudKey, NewCloudKey } from '../../api/models';
import { Api, read } from '../shell/api';
import { messageOf } from '../shell/problem';
import type { Question } from '../ui/confirm';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, ProgressBar, SkeletonRows } from '../ui/states';
import { KEY_TONES, scopeWord } from './cloud-key-words';

/** The keys by which other installations use the data-provider of this one. */
@Component({
  selector: 'app-cloud-keys',
  imports: [Icon, Empty, ProblemCard, ProgressBar, SkeletonRows],
  templateUrl: './cloud-keys.html',
  styleUrl: './cloud-keys.scss',
})
export default class CloudKeys {
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  protected readonly prefs = inject(Prefs);
  protected readonly tones = KEY_TONES;
  protected readonly failed = signal('');
  protected readonly said = signal('');
  protected readonly keys = read(listCloudKeys, () => ({}));

  protected scopesOf(key: CloudKey): string {
    return key.scopes.map(scopeWord).join(', ');
  }
  protected cost(amount: string): string {
    return this.prefs.price(amount, 'USD');
  }

  protected async issue(): Promise<void> {
    const plans = this.keys.value()?.plans ?? [];
    const made = await this.dialogs.open<NewCloudKey>(() => import('./cloud-key-form').then((m) => m.CloudKeyForm), {
      plans,
    });
    if (!made) return;
    this.keys.reload();
    await this.dialogs.open(() => import('./cloud-key-shown').then((m) => m.CloudKeyShown), made);
  }
  protected async change(key: CloudKey): Promise<void> {
    const plans = this.keys.value()?.plans ?? [];
    await this.dialogs.open(() => import('./cloud-key-form').then((m) => m.CloudKeyForm), { plans, key });
    this.keys.reload();
  }
  protected async use(key: CloudKey): Promise<void> {
    await this.dialogs.open(() => import('./cloud-key-usage').then((m) => m.CloudKeyUsage), key);
  }
  protected async revoke(key: CloudKey): Promise<void> {
    this.failed.set('');
    const question: Question = {
      title: `Revoke the key of “${key.name}”?`,
      text: 'From the next request on nothing is answered to it any more. This cannot be taken back; another key can be issued.',
      yes: 'Revoke key',
      danger: true,
    };
    if (!(await this.dialogs.open<boolean>(() => import('../ui/confirm').then((m) => m.Confirm), question))) return;
    try {
      await this.api.call(revokeCloudKey, { id: key.id });
      this.said.set(`The key of ${key.name} is revoked.`);
    } catch (error) {
      this.failed.set(messageOf(error));
    }
    this.keys.reload();
  }
}
