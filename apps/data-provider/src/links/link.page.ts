import htmlEncodingSniffer from 'html-encoding-sniffer';
import { Parser } from 'htmlparser2';
import { checkedUrl } from './link.rules.js';
import type { FetchedPage } from './link.fetch.js';

export interface LinkPreview {
  /** Where it was found, after redirects. */
  readonly url: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly siteName: string | null;
  /** Addresses that were not fetched. */
  readonly imageUrl: string | null;
  readonly iconUrl: string | null;
}

const LONGEST = { title: 300, description: 1_000, siteName: 100 } as const;
const NOT_SHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** What a page says of itself: The Open Graph protocol (ogp.me) first, then what HTML has. */
export function previewOf(page: FetchedPage): LinkPreview {
  const { metas, title, icons, baseHref } = headOf(textOf(page));
  const base = addressIn(baseHref, page.url) ?? page.url.href;
  const first = (...names: string[]): string | undefined => names.map((name) => metas.get(name)).find(Boolean);
  const image = first('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image');
  return {
    url: page.url.href,
    title: shown(first('og:title', 'twitter:title') ?? title, LONGEST.title),
    description: shown(first('og:description', 'twitter:description', 'description'), LONGEST.description),
    siteName: shown(first('og:site_name', 'application-name'), LONGEST.siteName),
    imageUrl: addressIn(image, new URL(base)),
    iconUrl: addressIn(icons.get('icon') ?? icons.get('apple-touch-icon'), new URL(base)),
  };
}

function textOf({ bytes, contentType }: FetchedPage): string {
  const transportLayerEncodingLabel = /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType)?.[1];
  const encoding = htmlEncodingSniffer(bytes, {
    ...(transportLayerEncodingLabel === undefined ? {} : { transportLayerEncodingLabel }),
    defaultEncoding: 'UTF-8',
  });
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    // An encoding that Node does not have; letters of ASCII are still right.
    return new TextDecoder().decode(bytes);
  }
}

interface Head {
  readonly metas: ReadonlyMap<string, string>;
  readonly icons: ReadonlyMap<string, string>;
  readonly title: string | undefined;
  readonly baseHref: string | undefined;
}

/** The first of each counts. */
function headOf(html: string): Head {
  const [metas, icons] = [new Map<string, string>(), new Map<string, string>()];
  let title: string | undefined;
  let baseHref: string | undefined;
  let inTitle = false;
  let titled = false;
  const put = (map: Map<string, string>, name: string, value: string | undefined): void => {
    if (value !== undefined && value.trim() !== '' && !map.has(name)) map.set(name, value);
  };
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'meta')
        put(metas, (attributes['property'] ?? attributes['name'] ?? '').toLowerCase(), attributes['content']);
      else if (name === 'base') baseHref ??= attributes['href'];
      else if (name === 'title') inTitle = !titled;
      else if (name === 'link') {
        for (const rel of (attributes['rel'] ?? '').toLowerCase().split(/\s+/)) put(icons, rel, attributes['href']);
      }
    },
    ontext(text) {
      if (inTitle) title = (title ?? '') + text;
    },
    onclosetag(name) {
      if (name !== 'title' || !inTitle) return;
      inTitle = false;
      titled = true;
    },
  });
  parser.end(html);
  return { metas, icons, title, baseHref };
}

/** One line of plain text of a bounded length. */
function shown(text: string | undefined, most: number): string | null {
  const line = text?.replaceAll(NOT_SHOWN, ' ').replaceAll(/\s+/g, ' ').trim() ?? '';
  const letters = [...line];
  if (letters.length <= most) return line === '' ? null : line;
  return `${letters.slice(0, most - 1).join('')}…`;
}

/** Whoever shows it may fetch it: an address that we would not fetch is not passed on. */
function addressIn(text: string | undefined, base: URL): string | null {
  if (text === undefined || text.trim() === '') return null;
  try {
    return checkedUrl(text.trim(), base).href;
  } catch {
    return null;
  }
}
