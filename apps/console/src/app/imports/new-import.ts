import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { createImport, createUpload, getAiReading, listAccounts } from '../../api/functions';
import { paths } from '../paths';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { ProblemCard, ProgressBar, SkeletonRows } from '../ui/states';
import { Steps } from './step-bar';
import { ACCEPTED, kindOf, takenAt } from './file-kind';
import { contentTypeOf, send } from './upload';

/** The first step: which account, which file. */
@Component({
  selector: 'app-new-import',
  imports: [RouterLink, Icon, ProblemCard, ProgressBar, SkeletonRows, Steps],
  templateUrl: './new-import.html',
  styleUrl: './new-import.scss',
  host: { '(document:paste)': 'paste($event)' },
})
export default class NewImport {
  /** Bound from the address, so that an account page can link here. */
  readonly account = input<string>();
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly router = inject(Router);
  private readonly dialogs = inject(Dialogs);
  private readonly session = inject(Session);
  protected readonly paths = paths;
  protected readonly accounts = read(listAccounts, () => ({}), { live: 'portfolio' });
  /** Accounts of one's own: while the demo is shown there are none to import into. */
  protected readonly open = computed(() =>
    this.session.me()?.portfolio === 'demo'
      ? []
      : (this.accounts.value()?.items ?? []).filter((account) => !account.archived),
  );
  protected readonly accountId = linkedSignal(() => {
    const open = this.open();
    return (open.find((account) => account.id === this.account()) ?? open[0])?.id ?? '';
  });
  protected readonly file = signal<File | null>(null);
  protected readonly over = signal(false);
  protected readonly sent = signal<number | null>(null);
  protected readonly failed = signal('');
  protected readonly accepted = ACCEPTED;
  protected readonly ai = read(getAiReading, () => ({}));
  protected readonly kind = computed(() => {
    const file = this.file();
    return file && kindOf(file);
  });
  /** What the chosen file needs of AI; null where it needs none. */
  protected readonly needs = computed(() => {
    const kind = this.kind();
    return kind === 'picture' ? 'screenshot' : kind === 'document' ? 'document' : null;
  });
  protected readonly offered = computed(() => {
    const needs = this.needs();
    return needs === null || (this.ai.value()?.offered.includes(needs) ?? false);
  });
  /** Asked anew for every file. */
  protected readonly agreed = linkedSignal({ source: () => this.file(), computation: () => false });
  protected readonly ready = computed(
    () => !!this.file() && this.sent() === null && (this.needs() === null || (this.offered() && this.agreed())),
  );
  protected readonly look = signal('');

  protected drop(event: DragEvent): void {
    event.preventDefault();
    this.over.set(false);
    this.take(event.dataTransfer?.files[0]);
  }
  protected drag(event: DragEvent, over: boolean): void {
    event.preventDefault();
    this.over.set(over);
  }
  protected take(file: File | undefined): void {
    if (!file || this.sent() !== null) return;
    this.failed.set('');
    this.file.set(file);
    this.look.set('');
    if (kindOf(file) !== 'picture') return;
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      if (this.file() === file) this.look.set(String(reader.result));
    });
    reader.readAsDataURL(file);
  }
  /** A picture that was copied elsewhere. */
  protected paste(event: ClipboardEvent): void {
    const file = [...(event.clipboardData?.files ?? [])].find((one) => kindOf(one) === 'picture');
    if (!file || !this.open().length) return;
    event.preventDefault();
    this.take(file);
  }
  protected size(file: File): string {
    const kilobytes = Math.max(1, Math.round(file.size / 1024));
    return kilobytes < 1024 ? `${kilobytes} kB` : `${(kilobytes / 1024).toFixed(1)} MB`;
  }
  protected async addAccount(): Promise<void> {
    const id = await this.dialogs.open<string>(() => import('../accounts/add-account').then((m) => m.AddAccount));
    if (id) this.accountId.set(id);
  }
  protected async start(): Promise<void> {
    const file = this.file();
    if (!file || !this.accountId() || !this.ready()) return;
    this.failed.set('');
    this.sent.set(0);
    try {
      const body = { fileName: file.name, size: file.size, contentType: contentTypeOf(file) };
      const upload = await this.api.call(createUpload, { body });
      await send(file, upload, (sent) => this.sent.set(sent));
      const agreed = this.needs() === null ? {} : { readByAi: true, seenAt: takenAt(file) };
      const created = await this.api.call(createImport, {
        body: { accountId: this.accountId(), uploadId: upload.id, ...agreed },
      });
      this.live.touch('import');
      await this.router.navigateByUrl(paths.import(created.id));
    } catch (error) {
      this.failed.set(messageOf(error));
      this.sent.set(null);
    }
  }
}
