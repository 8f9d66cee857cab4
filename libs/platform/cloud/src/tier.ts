/** Tier 1 asks the data-provider of its own installation, tier 2 a hosted one; those are reached by https alone. */
export function tierOf(cloudUrl: string): 'tier1' | 'tier2' {
  return new URL(cloudUrl).protocol === 'https:' ? 'tier2' : 'tier1';
}
