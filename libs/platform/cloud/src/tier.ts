export const TIERS = ['tier1', 'tier2', 'tier3'] as const;

/**
 * `tier1` the installation asks a data-provider of its own · `tier2` a hosted one · `tier3` the whole of Scani is hosted for
 * its people by whoever runs the data-provider.
 */
export type Tier = (typeof TIERS)[number];

/** What the operator says, or what the address tells: a hosted data-provider is reached by https alone. */
export function tierOf(env: { readonly SCANI_CLOUD_URL: string; readonly SCANI_TIER: Tier | undefined }): Tier {
  return env.SCANI_TIER ?? (new URL(env.SCANI_CLOUD_URL).protocol === 'https:' ? 'tier2' : 'tier1');
}

/** The address without user and password, for logs and reports. */
export const shownCloudUrl = (url: string): string => url.replace(/(?<=:\/\/)[^/@]*@/, '');
