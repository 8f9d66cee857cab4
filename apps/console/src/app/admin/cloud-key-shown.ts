import { Component, inject, signal } from '@angular/core';
import type { NewCloudKey } from '../../api/models';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { Icon } from '../ui/icon';

/** The one time that a key can be seen. */
@Component({
  selector: 'app-cloud-key-shown',
  imports: [DialogFrame, Icon],
  template: `<ui-dialog title="Copy the key now">
    <p>
      This is the key of “{{ made.key.name }}”. It is not kept here and cannot be shown again; who loses it needs
      another.
    </p>
    <p class="secret">
      <code data-testid="secret">{{ made.secret }}</code>
    </p>
    <p class="d">The other installation sets it as SCANI_CLOUD_API_KEY, and SCANI_CLOUD_URL to your data-provider.</p>
    <p class="d" role="status">{{ said() }}</p>
    <ng-container footer>
      <button type="button" class="btn" (click)="copy()"><ui-icon name="copy" [size]="15" />Copy</button>
      <button type="button" class="btn primary" (click)="ref.close()">I have it</button>
    </ng-container>
  </ui-dialog>`,
  styles: `
    .secret {
      padding: 12px 14px;
      border: 1px solid var(--c-line);
      border-radius: 9px;
      background: var(--c-surface-2);
      user-select: all;
      overflow-wrap: anywhere;
    }
    .d {
      font-size: 12.5px;
      color: var(--c-text-2);
    }
  `,
})
export class CloudKeyShown {
  protected readonly ref: OpenDialog = inject(DIALOG_REF);
  protected readonly made = inject(DIALOG_VALUE) as NewCloudKey;
  protected readonly said = signal('');

  protected async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.made.secret);
      this.said.set('Copied.');
    } catch {
      // A page that is not a secure context (plain http on a home network) has no clipboard.
      this.said.set('This browser does not let it be copied here: select it and copy it by hand.');
    }
  }
}
