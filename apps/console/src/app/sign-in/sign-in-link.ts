import { Component, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { signInWithLink } from '../../api/functions';
import { paths } from '../paths';
import { Api } from '../shell/api';
import { ApiError, messageOf } from '../shell/problem';
import { Icon } from '../ui/icon';
import { ProgressBar } from '../ui/states';
import { SignInFrame } from './frame';
import { Welcome } from './welcome';

const TITLES: Record<string, string> = {
  'link-used': 'This link has been used',
  'link-expired': 'This link has expired',
  'link-unknown': 'This link is not valid',
};

/** Where the link in the mail leads. The token is in the fragment, which no server or proxy writes down. */
@Component({
  selector: 'app-sign-in-link',
  imports: [SignInFrame, RouterLink, Icon, ProgressBar],
  template: `
    <app-sign-in-frame>
      @if (failed(); as problem) {
        <div class="words" role="alert">
          <span class="tile-ic warn"><ui-icon name="link" /></span>
          <h1>{{ problem.title }}</h1>
          <p>{{ problem.detail }}</p>
        </div>
        @if (problem.again) {
          <button type="button" class="btn primary" (click)="signIn()">Try again</button>
        }
        <a class="btn" [class.primary]="!problem.again" [routerLink]="paths.signIn">Send me a new mail</a>
      } @else {
        <h1>Signing you in</h1>
        <ui-progress [done]="0" [total]="null" label="Signing in" />
      }
    </app-sign-in-frame>
  `,
  styles: `
    .words {
      display: grid;
      gap: 8px;
      color: var(--c-text-2);
    }
    h1 {
      color: var(--c-text);
    }
  `,
})
export default class SignInLink {
  private readonly api = inject(Api);
  private readonly welcome = inject(Welcome);
  private readonly router = inject(Router);
  protected readonly paths = paths;
  protected readonly failed = signal<{ title: string; detail: string; again: boolean } | null>(null);
  private readonly token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';

  constructor() {
    void this.signIn();
  }
  protected async signIn(): Promise<void> {
    this.failed.set(null);
    if (!this.token) {
      this.failed.set({
        title: 'This link is not complete',
        detail: 'Open it again from the mail, or copy all of it.',
        again: false,
      });
      return;
    }
    try {
      await this.welcome.in(await this.api.call(signInWithLink, { body: { token: this.token } }));
      await this.router.navigateByUrl(paths.dashboard, { replaceUrl: true });
    } catch (error) {
      const code = error instanceof ApiError ? error.code : '';
      this.failed.set({
        title: TITLES[code] ?? 'You could not be signed in',
        detail: messageOf(error),
        again: !(code in TITLES),
      });
    }
  }
}
