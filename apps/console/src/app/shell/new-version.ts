import { Component, computed, DOCUMENT, inject, linkedSignal } from '@angular/core';
import { getVersion } from '../../api/functions';
import { Icon } from '../ui/icon';
import { read } from './api';
import { Live } from './live';

/** Says that the server was updated while this page was open: its code is the older one's until it is loaded again. */
@Component({
  selector: 'app-new-version',
  imports: [Icon],
  template: `
    @if (newer(); as version) {
      <div>
        <ui-icon name="refresh-cw" />
        <p>Scani was updated to {{ version }}. This page is still the version before.</p>
        <button type="button" class="btn" (click)="reload()">Reload</button>
      </div>
    }
  `,
  host: { role: 'status' },
  styles: `
    div {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 12px;
      max-width: 1480px;
      margin: 0 auto 16px;
      padding: 10px 12px 10px 16px;
      border: 1px solid var(--c-line);
      border-radius: var(--radius);
      background: var(--c-surface);
    }
    p {
      flex: 1;
      min-width: 12rem;
    }
    .btn {
      margin-left: auto;
    }
  `,
})
export class NewVersion {
  private readonly live = inject(Live);
  private readonly doc = inject(DOCUMENT);
  private readonly answer = read(getVersion, () => (this.live.reconnections(), {}));
  private readonly first = linkedSignal<string | undefined, string | undefined>({
    source: () => this.answer.value()?.version,
    computation: (now, before) => before?.value ?? now,
  });
  protected readonly newer = computed(() => {
    const now = this.answer.value()?.version;
    return now !== this.first() ? now : undefined;
  });

  protected reload(): void {
    this.doc.location.reload();
  }
}
