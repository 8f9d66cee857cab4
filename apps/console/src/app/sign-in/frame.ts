import { Component } from '@angular/core';
import { Logo } from '../ui/logo';

/** The quiet page around everything that happens before one is signed in. */
@Component({
  selector: 'app-sign-in-frame',
  imports: [Logo],
  template: `
    <main>
      <div class="brand"><ui-logo [size]="34" /><span>Scani</span></div>
      <div class="card"><ng-content /></div>
      <p class="foot">Everything you own and owe, from one ledger.</p>
    </main>
  `,
  styles: `
    :host {
      display: grid;
      place-items: center;
      min-height: 100dvh;
      padding: 24px 14px;
    }
    main {
      width: min(420px, 100%);
      display: grid;
      gap: 20px;
    }
    .brand {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: 12px;
      font-size: 21px;
      font-weight: 680;
      letter-spacing: -0.02em;
    }
    .card {
      display: grid;
      gap: 16px;
      padding: 26px 24px;
    }
    .foot {
      text-align: center;
      font-size: 12.5px;
      color: var(--c-text-3);
    }
  `,
})
export class SignInFrame {}
