import { Component, inject, signal } from '@angular/core';
import type { ImportPosition, PositionCandidate } from '../../api/models';
import { AssetPicker, assetOf, type Picked } from '../holdings/asset-picker';
import { ASSET_WORDS } from '../holdings/words';
import { Api } from '../shell/api';
import { messageOf } from '../shell/problem';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { Icon } from '../ui/icon';

/** Says what a position of a picture is: one of the likely ones, or anything else. */
@Component({
  selector: 'app-choose-asset',
  imports: [AssetPicker, DialogFrame, Icon],
  template: `<ui-dialog [title]="'What is “' + position.name + '”?'">
    @if (position.candidates.length) {
      <ul aria-label="Likely">
        @for (one of position.candidates; track one.symbol + one.marketSegment + one.name) {
          <li>
            <button type="button" class="btn likely" [disabled]="busy()" (click)="take(one)">
              <span class="mono" [class]="one.kind" aria-hidden="true">{{ one.symbol.slice(0, 4) }}</span>
              <span class="nm"
                ><b>{{ one.name }}</b
                ><small
                  >{{ one.symbol }} · {{ kinds[one.kind]
                  }}{{ one.marketSegment ? ' · ' + one.marketSegment : '' }}</small
                ></span
              >
            </button>
          </li>
        }
      </ul>
      <p class="muted or">Or something else:</p>
    }
    <app-asset-picker
      [startsWith]="position.symbol ?? position.name"
      [(picked)]="picked"
      (pickedChange)="choose($event)"
    />
    @if (failed()) {
      <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ failed() }}</p>
    }
  </ui-dialog>`,
  styles: `
    ul {
      display: grid;
      gap: 6px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    .likely {
      justify-content: flex-start;
      gap: 11px;
      width: 100%;
      min-height: 48px;
      text-align: left;
    }
    .nm {
      display: grid;
      min-width: 0;
      line-height: 1.3;
    }
    b,
    small {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    small {
      font-size: 12px;
      font-weight: 450;
      color: var(--c-text-2);
    }
    .or {
      margin: 14px 0 8px;
      font-size: 13px;
    }
  `,
})
export class ChooseAsset {
  protected readonly ref: OpenDialog<string> = inject(DIALOG_REF);
  protected readonly position = inject(DIALOG_VALUE) as ImportPosition;
  private readonly api = inject(Api);
  protected readonly kinds = ASSET_WORDS;
  protected readonly picked = signal<Picked | null>(null);
  protected readonly busy = signal(false);
  protected readonly failed = signal('');

  protected async take({ assetId, identity, ...words }: PositionCandidate): Promise<void> {
    if (assetId) return this.ref.close(assetId);
    if (identity) await this.choose({ from: 'found', match: { ...words, ...identity, assetId: null } });
  }
  protected async choose(picked: Picked | null): Promise<void> {
    if (!picked || this.busy()) return;
    this.failed.set('');
    this.busy.set(true);
    try {
      this.ref.close(await assetOf(this.api, picked));
    } catch (error) {
      this.failed.set(messageOf(error));
      this.picked.set(null);
    } finally {
      this.busy.set(false);
    }
  }
}
