/** CSV by name; the same size gives the same files, byte for byte. `end`: the last day, included. */
export function generate(size: { tx: number; seed: number; end: string; days: number }): Record<string, string>;
