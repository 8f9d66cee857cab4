import { inject, Injectable } from '@angular/core';
import { updateMe } from '../../api/functions';
import type { Me } from '../../api/models';
import { Api } from '../shell/api';
import { Session } from '../shell/session';

const NEW_MS = 5 * 60_000;

/** What happens once somebody is in. */
@Injectable({ providedIn: 'root' })
export class Welcome {
  private readonly api = inject(Api);
  private readonly session = inject(Session);

  /** A new account starts in the time zone of its browser, where the server could only guess. */
  async in(me: Me): Promise<void> {
    this.session.set(me);
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const isNew = Date.now() - Date.parse(me.createdAt) < NEW_MS;
    if (!isNew || me.timeZone !== 'UTC' || !timeZone || timeZone === 'UTC') return;
    try {
      this.session.set(await this.api.call(updateMe, { body: { timeZone } }));
    } catch {
      // A zone that the server does not know: UTC stays, and Settings has the choice.
    }
  }
}
