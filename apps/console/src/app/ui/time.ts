/** Now, for an <input type="datetime-local">, in the time of this device. */
export function localNow(): string {
  return localOf(new Date().toISOString());
}

/** An instant, for the same field, to the minute. */
export function localOf(at: string): string {
  const now = new Date(at);
  const pad = (n: number) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}T${pad(now.getHours())}:${pad(now.getMinutes())}`;
}

/** The instant that a datetime-local field means on this device. */
export function instantOf(local: string): string {
  return new Date(local).toISOString();
}
