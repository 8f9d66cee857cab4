import { Component, inject, signal } from '@angular/core';
import { listSessions, revokeOtherSessions, revokeSession } from '../../api/functions';
import { Api, read } from '../shell/api';
import { messageOf } from '../shell/problem';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { ProblemCard, SkeletonRows } from '../ui/states';
import { deviceOf } from './device';

/** Where you are signed in. */
@Component({
  selector: 'app-sessions',
  imports: [Icon, ProblemCard, SkeletonRows],
  template: `
    <div class="card-h">
      <h2>Where you are signed in</h2>
      @if ((sessions.value()?.items?.length ?? 0) > 1) {
        <button type="button" class="btn sm" (click)="others()">Sign out everywhere else</button>
      }
    </div>
    @if (failed()) {
      <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ failed() }}</p>
    }
    @if (sessions.error(); as problem) {
      <ui-problem title="The sessions could not be loaded" [detail]="problem" (again)="sessions.reload()" />
    } @else if (sessions.value(); as list) {
      <ul class="rows">
        @for (one of list.items; track one.id) {
          <li>
            <span class="tile-ic"><ui-icon name="monitor" /></span>
            <div class="main">
              <p class="t">{{ device(one.userAgent) }}</p>
              <p class="d">
                Seen {{ prefs.ago(one.lastSeenAt) }}
                @if (one.address) {
                  · {{ one.address }}
                }
                · ends {{ prefs.day(one.expiresAt) }}
              </p>
            </div>
            @if (one.current) {
              <span class="tag good">this one</span>
            } @else {
              <button
                type="button"
                class="btn sm"
                (click)="revoke(one.id)"
                [attr.aria-label]="'Sign out ' + device(one.userAgent)"
              >
                Sign out
              </button>
            }
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
  `,
})
export class Sessions {
  private readonly api = inject(Api);
  protected readonly prefs = inject(Prefs);
  protected readonly device = deviceOf;
  protected readonly failed = signal('');
  protected readonly sessions = read(listSessions, () => ({}));

  protected revoke(id: string): Promise<void> {
    return this.act(() => this.api.call(revokeSession, { id }));
  }
  protected others(): Promise<void> {
    return this.act(() => this.api.call(revokeOtherSessions, undefined));
  }
  private async act(action: () => Promise<void>): Promise<void> {
    this.failed.set('');
    try {
      await action();
      this.sessions.reload();
    } catch (error) {
      this.failed.set(messageOf(error));
    }
  }
}
