import { choice, fragment, text, url } from '@scani/runtime';

export const identityEnv = fragment('identity', {
  FRONTEND_URL: url({
    description: 'Where people open the console; links in mails lead there.',
    default: 'http://localhost:3001',
  }),
  BETTER_AUTH_SECRET: text({
    description: 'Signs session cookies and keys the hashes of tokens. A new value signs everyone out.',
    secret: true,
    minLength: 32,
  }),
  SIGN_UP: choice(['open', 'invite', 'closed'], {
    description: 'Who may make an account: anybody, invited addresses, nobody. The first account is always allowed.',
    default: 'open',
  }),
});

export interface IdentitySettings {
  frontendUrl: string;
  secret: string;
  signUp: 'open' | 'invite' | 'closed';
}

export const IDENTITY_SETTINGS = Symbol('IDENTITY_SETTINGS');
