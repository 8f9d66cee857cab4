import { Component, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { removeDemo } from '../../api/functions';
import { paths } from '../paths';
import { Icon } from '../ui/icon';
import { Api } from './api';
import { Live } from './live';
import { messageOf } from './problem';
import { Session } from './session';

@Component({
  selector: 'app-demo-banner',
  imports: [Icon, RouterLink],
  template: `
    <ui-icon name="flask-conical" />
    <p><b>Demo portfolio</b> — this is made-up data.</p>
    @if (failed(); as words) {
      <p role="alert">{{ words }}</p>
    }
    <div class="act">
      <button type="button" class="btn" (click)="remove()" [disabled]="busy()">Remove demo data</button>
      <a class="btn primary" [routerLink]="paths.start">Start your own</a>
    </div>
  `,
  host: { role: 'note', 'aria-label': 'Demo portfolio' },
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 12px;
      padding: 10px 12px 10px 16px;
      border: 1px solid color-mix(in srgb, var(--c-warn) 32%, transparent);
      border-radius: var(--radius);
      background: var(--c-warn-bg);
      color: var(--c-warn);
    }
    p {
      color: var(--c-text);
    }
    .act {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      margin-left: auto;
    }
    @media (max-width: 720px) {
      .act {
        width: 100%;
      }
      .act .btn {
        flex: 1;
      }
    }
  `,
})
export class DemoBanner {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly live = inject(Live);
  private readonly router = inject(Router);
  protected readonly paths = paths;
  protected readonly busy = signal(false);
  protected readonly failed = signal('');

  protected async remove(): Promise<void> {
    this.busy.set(true);
    this.failed.set('');
    try {
      await this.api.call(removeDemo, undefined);
      await this.router.navigateByUrl(paths.dashboard); // a page of a demo holding would be gone
      await this.session.refresh();
      this.live.touch('portfolio');
    } catch (error) {
      this.failed.set(messageOf(error));
    } finally {
      this.busy.set(false);
    }
  }
}
