/** An aggregate of OFX with its values and the aggregates inside it. */
export interface OfxNode {
  name: string;
  /** Line of its start tag, counted from 1. */
  line: number;
  values: Map<string, string>;
  children: OfxNode[];
}

const TAG = /<(\/?)([A-Za-z0-9_.:]+)[^<>]*>((?:<!\[CDATA\[[\s\S]*?\]\]>|[^<]+)*)/g;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * The tree of an OFX document in SGML (1.x, where values need no end tag) or XML (2.x). A tag with text after it is a
 * value; one without is an aggregate where its name is ever ended, else an empty value. Of equal names the first value holds.
 */
export function ofxTree(text: string): OfxNode {
  const root: OfxNode = { name: '', line: 1, values: new Map(), children: [] };
  const open = [root];
  const lineAt = lineCounter(text);
  const ended = new Set([...text.matchAll(/<\/([A-Za-z0-9_.:]+)/g)].map(([, name]) => name?.toUpperCase()));
  for (const match of text.matchAll(TAG)) {
    const [, closing, written = '', content = ''] = match;
    const name = written.toUpperCase();
    const value = valueOf(content);
    const inside = open.at(-1) ?? root;
    if (closing) {
      const at = open.findLastIndex((node) => node.name === name);
      // An end tag of a value closes nothing; an aggregate closes all that was left open within it.
      if (at > 0) open.length = at;
    } else if (value !== '') {
      if (!inside.values.has(name)) inside.values.set(name, value);
    } else if (ended.has(name) && !isEmptyValue(text, match.index + match[0].length, written, match[0])) {
      const node: OfxNode = { name, line: lineAt(match.index), values: new Map(), children: [] };
      inside.children.push(node);
      open.push(node);
    }
  }
  return root;
}

/** All aggregates of a name, however deep. */
export function all(node: OfxNode, name: string): OfxNode[] {
  return node.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

/** `<MEMO/>` and `<MEMO></MEMO>` are values that are not there. */
function isEmptyValue(text: string, from: number, name: string, tag: string): boolean {
  return /\/>\s*$/.test(tag) || text.startsWith(`</${name}>`, from);
}

function valueOf(content: string): string {
  return content
    .split(/(<!\[CDATA\[[\s\S]*?\]\]>)/)
    .map((part) => (part.startsWith('<![CDATA[') ? part.slice(9, -3) : unescaped(part)))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function unescaped(text: string): string {
  return text.replaceAll(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Lines of ascending positions, counted in one walk. */
function lineCounter(text: string): (position: number) => number {
  let line = 1;
  let at = 0;
  return (position) => {
    for (let next = text.indexOf('\n', at); next !== -1 && next < position; next = text.indexOf('\n', at)) {
      line += 1;
      at = next + 1;
    }
    return line;
  };
}
