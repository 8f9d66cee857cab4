import { computed, DOCUMENT, inject, Injectable, signal } from '@angular/core';
import { writeSetting } from './storage';

export type Scheme = 'system' | 'light' | 'dark';
export const SCHEMES: readonly { value: Scheme; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** `color-scheme` on <html> drives every light-dark() token, Material's included. */
@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly doc = inject(DOCUMENT);
  private readonly media = this.doc.defaultView?.matchMedia?.('(prefers-color-scheme: dark)');
  private readonly systemDark = signal(this.media?.matches ?? false);
  private readonly chosen = signal<Scheme>((this.doc.documentElement.dataset['scheme'] as Scheme) ?? 'system');
  readonly scheme = this.chosen.asReadonly();
  readonly dark = computed(() => (this.scheme() === 'system' ? this.systemDark() : this.scheme() === 'dark'));

  constructor() {
    this.media?.addEventListener('change', (event) => this.systemDark.set(event.matches));
  }
  set(scheme: Scheme): void {
    this.doc.documentElement.dataset['scheme'] = scheme;
    writeSetting('scheme', scheme);
    this.chosen.set(scheme);
  }
  cycle(): void {
    const at = SCHEMES.findIndex((scheme) => scheme.value === this.scheme());
    this.set(SCHEMES[(at + 1) % SCHEMES.length]?.value ?? 'system');
  }
}
