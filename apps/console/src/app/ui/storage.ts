/** Settings of this browser. Storage may be refused (private windows): then they last as long as the page. */
const memory = new Map<string, string>();

export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(`scani.${name}`);
  } catch {
    return memory.get(name) ?? null;
  }
}

export function writeSetting(name: string, value: string): void {
  memory.set(name, value);
  try {
    localStorage.setItem(`scani.${name}`, value);
  } catch {
    // The memory above has it.
  }
}
