/**
 * Prices in closed form, so that any instant of any asset can be computed alone and twice alike:
 * price(t) = level · exp(drift·years + Σ aᵢ·sin(wᵢ·t + φᵢ)) · (1 + noise), seeded by the asset's name.
 */

export const ANCHOR_DAY = '2026-11-01';
export const DAY_MS = 86_400_000;
const ANCHOR_MS = Date.parse(`${ANCHOR_DAY}T00:00:00Z`);
const PERIODS_DAYS = [1130, 397, 131, 43, 11];
const WEIGHTS = [1, 0.6, 0.36, 0.2, 0.08];

/** FNV-1a with a final mix; uniform enough for phases and noise. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

const unit = (text: string): number => hashOf(text) / 0x1_0000_0000;

function noise(seed: string, days: number): number {
  const day = Math.floor(days);
  const at = (index: number) => unit(`${seed}:${index}`) * 2 - 1;
  return at(day) + (at(day + 1) - at(day)) * (days - day);
}

export interface Shape {
  seed: string;
  level: number;
  yearlyDrift: number;
  swing: number;
}

function waves(shape: Shape, days: number): number {
  return PERIODS_DAYS.reduce(
    (sum, period, i) =>
      sum +
      shape.swing *
        (WEIGHTS[i] ?? 0) *
        Math.sin((2 * Math.PI * days) / period + 2 * Math.PI * unit(`${shape.seed}~${i}`)),
    0,
  );
}

export function priceAt(shape: Shape, ms: number): number {
  const days = (ms - ANCHOR_MS) / DAY_MS;
  const slow = (shape.yearlyDrift * days) / 365.25 + waves(shape, days) - waves(shape, 0);
  return shape.level * Math.exp(slow) * (1 + shape.swing * 0.06 * noise(shape.seed, days));
}

/** The number of significant digits an api prints. */
export const digits = (value: number, count: number): number => Number(value.toPrecision(count));

export const dayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
export const dayMs = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export function isWeekend(day: string): boolean {
  const weekday = new Date(dayMs(day)).getUTCDay();
  return weekday === 0 || weekday === 6;
}
