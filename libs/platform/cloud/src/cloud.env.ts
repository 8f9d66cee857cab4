import { fragment, text, url } from '@scani/runtime';

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
});
