import { Component, computed, ElementRef, inject, input, signal, viewChild } from '@angular/core';
import { Router } from '@angular/router';
import { createChallenge, getSignInOptions, signInWithCode } from '../../api/functions';
import type { Challenge } from '../../api/models';
import { Api, read } from '../shell/api';
import { ApiError, messageOf } from '../shell/problem';
import { Icon } from '../ui/icon';
import { ProblemCard, Skeleton } from '../ui/states';
import { CodeInput } from './code-input';
import { SignInFrame } from './frame';
import { safeNext } from './next';
import { Welcome } from './welcome';

@Component({
  selector: 'app-sign-in',
  imports: [SignInFrame, CodeInput, Icon, ProblemCard, Skeleton],
  templateUrl: './sign-in.html',
  styleUrl: './sign-in.scss',
})
export default class SignIn {
  /** Where the visitor was going; bound from the address. */
  readonly next = input<string>();
  private readonly api = inject(Api);
  private readonly welcome = inject(Welcome);
  private readonly router = inject(Router);
  private readonly digits = viewChild(CodeInput);
  private readonly emailField = viewChild<ElementRef<HTMLInputElement>>('field');
  protected readonly options = read(getSignInOptions, () => ({}));
  protected readonly email = signal('');
  protected readonly challenge = signal<Challenge | null>(null);
  protected readonly code = signal('');
  protected readonly busy = signal(false);
  protected readonly failed = signal('');
  protected readonly resent = signal(false);
  /** The code can no longer be used: only a new mail helps. */
  protected readonly spent = signal(false);
  protected readonly lead = computed(() => {
    const options = this.options.value();
    if (options?.firstAccount) return 'This is a new installation. The first account becomes its admin.';
    if (options?.signUp === 'closed')
      return 'New accounts are closed here. If you have one, sign in with its e-mail address.';
    if (options?.signUp === 'invite') return 'New accounts are by invitation. Use the address that was invited.';
    return 'No password: we mail you a link and a code. A new address gets a new account.';
  });

  protected async ask(event?: Event): Promise<void> {
    event?.preventDefault();
    const email = this.email().trim();
    if (!/^\S+@\S+\.\S+$/.test(email)) {
      this.failed.set('Enter an e-mail address, for example ada@example.com.');
      this.emailField()?.nativeElement.focus();
      return;
    }
    const again = this.challenge() !== null;
    await this.attempt(async () => {
      this.challenge.set(await this.api.call(createChallenge, { body: { email } }));
      this.spent.set(false);
      this.code.set('');
      this.resent.set(again);
      setTimeout(() => this.digits()?.focus());
    });
  }
  protected async submit(code: string): Promise<void> {
    const challenge = this.challenge();
    if (!challenge || this.busy()) return;
    await this.attempt(async () => {
      const me = await this.api.call(signInWithCode, { body: { challengeId: challenge.challengeId, code } });
      await this.welcome.in(me);
      await this.router.navigateByUrl(safeNext(this.next()));
    });
  }
  protected startOver(): void {
    this.challenge.set(null);
    this.failed.set('');
    this.resent.set(false);
    setTimeout(() => this.emailField()?.nativeElement.focus());
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    this.failed.set('');
    this.resent.set(false);
    try {
      await action();
    } catch (error) {
      this.failed.set(wordsOf(error));
      if (error instanceof ApiError && (error.code === 'code-locked' || error.code === 'code-expired'))
        this.spent.set(true);
      this.code.set('');
      setTimeout(() => this.digits()?.focus());
    } finally {
      this.busy.set(false);
    }
  }
}

function wordsOf(error: unknown): string {
  const tries = error instanceof ApiError ? error.problem?.errors?.[0]?.detail : undefined;
  const words = messageOf(error);
  return tries && !words.includes(tries) ? `${words} ${tries}` : words;
}
