import { Component, computed, input, linkedSignal, model, signal } from '@angular/core';
import { createAsset, listAssets, searchAssets } from '../../api/functions';
import type { Asset, AssetKind, AssetMatch } from '../../api/models';
import { Api, read } from '../shell/api';
import { Icon } from '../ui/icon';
import { ASSET_WORDS } from './words';

/** What was picked: an asset that is known here, one found outside, or one that only you have. */
export type Picked =
  | { from: 'known'; asset: Asset }
  | { from: 'found'; match: AssetMatch }
  | { from: 'own'; symbol: string; name: string; kind: AssetKind };

/** The asset behind a choice; it is created here first where it is not known yet. */
export async function assetOf(api: Api, picked: Picked): Promise<string> {
  if (picked.from === 'known') return picked.asset.id;
  if (picked.from === 'own') {
    const { symbol, name, kind } = picked;
    return (await api.call(createAsset, { body: { symbol, name, kind } })).id;
  }
  const { match } = picked;
  if (match.assetId) return match.assetId;
  const { symbol, name, kind, marketSegment, provider, externalId } = match;
  const body = { symbol, name, kind, marketSegment, identity: { provider, externalId } };
  return (await api.call(createAsset, { body })).id;
}

interface Option {
  key: string;
  symbol: string;
  name: string;
  kind: AssetKind;
  hint: string;
  pick: Picked;
}

const PAUSE_MS = 280;

/** Searches what is known here and what the price sources know, and offers an asset of one's own. */
@Component({
  selector: 'app-asset-picker',
  imports: [Icon],
  templateUrl: './asset-picker.html',
  styleUrl: './asset-picker.scss',
})
export class AssetPicker {
  readonly picked = model<Picked | null>(null);
  /** Which of the known ones are of use here. */
  readonly accepts = input<(asset: Asset) => boolean>(() => true);
  readonly offersOwn = input(true);
  /** What is searched for before anything was typed. */
  readonly startsWith = input('');
  protected readonly kinds = ASSET_WORDS;
  protected readonly typed = linkedSignal(() => this.startsWith());
  protected readonly index = signal(0);
  private readonly query = linkedSignal(() => this.startsWith().trim());
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly known = read(listAssets, () => ({ search: this.query() || undefined, limit: 12 }));
  protected readonly found = read(searchAssets, () => (this.query().length >= 2 ? { query: this.query() } : undefined));
  protected readonly options = computed<Option[]>(() => {
    const known = (this.known.value()?.items ?? []).filter(this.accepts()).map((asset) => ({
      key: asset.id,
      symbol: asset.symbol,
      name: asset.name,
      kind: asset.kind,
      hint: asset.own ? 'yours' : ASSET_WORDS[asset.kind],
      pick: { from: 'known' as const, asset },
    }));
    const ids = new Set(known.map((option) => option.key));
    const wanted = this.query().length >= 2;
    const found = (wanted ? (this.found.value()?.items ?? []) : [])
      .filter((match) => !match.assetId || !ids.has(match.assetId))
      .map((match) => ({
        key: `${match.provider}:${match.externalId}`,
        symbol: match.symbol,
        name: match.name,
        kind: match.kind,
        hint: `${ASSET_WORDS[match.kind]}${match.marketSegment ? ` · ${match.marketSegment}` : ''}`,
        pick: { from: 'found' as const, match },
      }));
    return [...known, ...found].slice(0, 14);
  });
  protected readonly active = computed(() => this.options()[this.index()]);
  protected readonly chosen = computed(() => {
    const picked = this.picked();
    if (!picked) return null;
    if (picked.from === 'known') return picked.asset;
    return picked.from === 'found' ? picked.match : picked;
  });

  protected type(text: string): void {
    this.typed.set(text);
    this.index.set(0);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.query.set(text.trim()), PAUSE_MS);
  }
  protected key(event: KeyboardEvent): void {
    const count = this.options().length;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? count - 1 : 0;
    if (step && count) {
      event.preventDefault();
      this.index.update((index) => (index + step) % count);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const option = this.active();
      if (option) this.picked.set(option.pick);
    }
  }
  protected own(): void {
    const text = this.typed().trim();
    this.picked.set({ from: 'own', symbol: symbolOf(text), name: text || 'My asset', kind: 'private' });
  }
}

/** A short symbol for something that has none: the initials, or the beginning of the word. */
export function symbolOf(name: string): string {
  const words = name.toUpperCase().match(/[A-Z0-9]+/g) ?? [];
  const initials = words.length > 1 ? words.map((word) => word[0]).join('') : (words[0] ?? '');
  return initials.slice(0, 8) || 'OWN';
}
