import { Component, inject, signal } from '@angular/core';
import { form, pattern, required } from '@angular/forms/signals';
import { createInvitation, deleteInvitation, listInvitations, listUsers, updateUser } from '../../api/functions';
import type { Role, User } from '../../api/models';
import { Api, read, readPages } from '../shell/api';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import { FORM, FORM_LOOK, Saving } from '../ui/form';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { ProblemCard, SkeletonRows } from '../ui/states';

/** Who has an account here, with what role, and who is invited. */
@Component({
  selector: 'app-users',
  providers: [FORM_LOOK],
  imports: [FORM, Icon, MoreButton, ProblemCard, SkeletonRows],
  templateUrl: './users.html',
  styleUrl: './users.scss',
})
export default class Users {
  private readonly api = inject(Api);
  protected readonly session = inject(Session);
  protected readonly prefs = inject(Prefs);
  protected readonly saving = new Saving();
  protected readonly failed = signal('');
  protected readonly said = signal('');
  protected readonly users = readPages(listUsers, () => ({ limit: 50 }));
  protected readonly invitations = read(listInvitations, () => ({}));
  private readonly model = signal({ email: '' });
  protected readonly fields = form(this.model, (path) => {
    required(path.email, { message: 'Enter an e-mail address.' });
    pattern(path.email, /^\S+@\S+\.\S+$/, { message: 'This is not an e-mail address.' });
  });

  protected async setRole(user: User, role: Role, field: HTMLSelectElement): Promise<void> {
    const done = await this.act(() => this.api.call(updateUser, { id: user.id, body: { role } }));
    if (done) this.said.set(`${user.email} is now ${role}.`);
    else field.value = user.role;
    this.users.reload();
  }
  protected async invite(event: Event): Promise<void> {
    const email = this.model().email.trim();
    const done = await this.saving.run(event, this.fields, () => this.api.call(createInvitation, { body: { email } }));
    if (!done) return;
    this.fields().reset({ email: '' });
    this.said.set(`${email} is invited, and gets a mail.`);
    this.invitations.reload();
  }
  protected async withdraw(id: string): Promise<void> {
    await this.act(() => this.api.call(deleteInvitation, { id }));
    this.invitations.reload();
  }
  private async act(action: () => Promise<unknown>): Promise<boolean> {
    this.failed.set('');
    this.said.set('');
    try {
      await action();
      return true;
    } catch (error) {
      this.failed.set(messageOf(error));
      return false;
    }
  }
}
