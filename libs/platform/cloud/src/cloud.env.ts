import { choice, flag, fragment, optional, text, url } from '@scani/runtime';
import { TIERS } from './tier.js';

export const cloudEnv = fragment('cloud', {
  SCANI_CLOUD_URL: url({
    description: 'Where the data-provider is: the one of this installation (tier 1) or a hosted one (tier 2).',
    default: 'http://data-provider:8082',
  }),
  SCANI_CLOUD_API_KEY: text({
    description: 'The key that the data-provider knows this installation by; tier 1: its DATA_PROVIDER_API_KEY.',
    secret: true,
    minLength: 16,
  }),
  SCANI_TIER: optional(
    choice(TIERS, {
      description:
        'What this installation is, where its address does not tell: tier1 its own data-provider (also by https), tier2 a hosted one (also by http within a network), tier3 all of Scani is hosted. Only said, never acted upon.',
    }),
  ),
});

export const cloudManagementEnv = fragment('cloud management', {
  CLOUD_MANAGEMENT_ENABLED: flag({
    description:
      'Whether this data-provider serves other installations too, by keys that admins issue in the console; the same in api and data-provider.',
    default: 'false',
  }),
});
