import { Component, input, output } from '@angular/core';
import { Icon } from './icon';
import { IconName } from './icon-names';

/** Stands where the content will be, in its final size. */
@Component({
  selector: 'ui-skeleton',
  template: '',
  host: { 'aria-hidden': 'true', '[style.width]': 'w()', '[style.height]': 'h()' },
  styles: `
    :host {
      display: block;
      max-width: 100%;
      border-radius: 7px;
      background: linear-gradient(90deg, var(--c-surface-2) 25%, var(--c-hover) 45%, var(--c-surface-2) 65%) 0 0 / 300%
        100%;
      animation: sweep 1.4s linear infinite;
    }
    @keyframes sweep {
      from {
        background-position: 100% 0;
      }
      to {
        background-position: 0 0;
      }
    }
  `,
})
export class Skeleton {
  readonly w = input('100%');
  readonly h = input('16px');
}

/** Rows that are on their way. */
@Component({
  selector: 'ui-skeleton-rows',
  imports: [Skeleton],
  template: `@for (row of list(); track $index) {
    <div>
      <ui-skeleton w="34px" h="34px" /><ui-skeleton w="38%" h="16px" /><ui-skeleton class="end" w="88px" h="16px" />
    </div>
  }`,
  host: { 'aria-busy': 'true' },
  styles: `
    :host {
      display: block;
      padding: 2px 18px 8px;
    }
    div {
      display: flex;
      align-items: center;
      gap: 12px;
      height: 51px;
    }
    .end {
      margin-left: auto;
    }
  `,
})
export class SkeletonRows {
  readonly rows = input(5);
  protected readonly list = () => Array.from({ length: this.rows() });
}

/** Nothing here, or nothing yet: what it is, and the one next step (projected as a link or button). */
@Component({
  selector: 'ui-empty',
  imports: [Icon],
  template: `
    <span class="tile-ic"><ui-icon [name]="icon()" [size]="22" /></span>
    <p class="t">{{ title() }}</p>
    <p class="d"><ng-content /></p>
    <div class="act"><ng-content select="[action]" /></div>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      align-content: center;
      gap: 6px;
      padding: 36px 20px;
      text-align: center;
    }
    .tile-ic {
      width: 44px;
      height: 44px;
      margin-bottom: 4px;
    }
    .t {
      font-weight: 600;
    }
    .d {
      max-width: 46ch;
      color: var(--c-text-2);
      font-size: 13px;
    }
    .act {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 8px;
      margin-top: 10px;
    }
    .act:empty {
      display: none;
    }
  `,
})
export class Empty {
  readonly icon = input<IconName>('inbox');
  readonly title = input.required<string>();
}

/** A failure stays in its card, with the server's words and the way to try again. */
@Component({
  selector: 'ui-problem',
  imports: [Icon],
  template: `
    <span class="tile-ic bad"><ui-icon name="wifi-off" [size]="20" /></span>
    <p class="t">{{ title() }}</p>
    <p class="d">{{ detail() }}</p>
    <button type="button" class="btn" (click)="again.emit()">Try again</button>
  `,
  host: { role: 'alert' },
  styles: `
    :host {
      display: grid;
      justify-items: center;
      align-content: center;
      gap: 6px;
      padding: 28px 20px;
      text-align: center;
    }
    .t {
      font-weight: 600;
    }
    .d {
      max-width: 46ch;
      color: var(--c-text-2);
      font-size: 13px;
    }
    .btn {
      margin-top: 8px;
    }
  `,
})
export class ProblemCard {
  readonly title = input.required<string>();
  readonly detail = input<string>();
  readonly again = output<void>();
}

/** Progress of long work: a bar that says its numbers, or sweeps when the total is not known. */
@Component({
  selector: 'ui-progress',
  template: `<span
    class="track"
    role="progressbar"
    [attr.aria-label]="label()"
    aria-valuemin="0"
    [attr.aria-valuemax]="total() ?? null"
    [attr.aria-valuenow]="total() === null ? null : done()"
    ><i [class.unknown]="total() === null" [style.width]="width()"></i
  ></span>`,
  styles: `
    :host {
      display: block;
    }
    .track {
      display: block;
      height: 6px;
      border-radius: 4px;
      background: var(--c-surface-2);
      overflow: hidden;
    }
    i {
      display: block;
      height: 100%;
      border-radius: 4px;
      background: var(--c-accent);
      transition: width 0.25s;
    }
    .unknown {
      animation: run 1.3s ease-in-out infinite;
    }
    @keyframes run {
      from {
        transform: translateX(-100%);
      }
      to {
        transform: translateX(280%);
      }
    }
  `,
})
export class ProgressBar {
  readonly done = input.required<number>();
  readonly total = input.required<number | null>();
  readonly label = input('Progress');
  protected readonly width = () => {
    const total = this.total();
    if (total === null) return '36%';
    return `${total === 0 ? 100 : Math.min(100, (this.done() / total) * 100)}%`;
  };
}
