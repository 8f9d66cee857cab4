import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Made once and kept: with another ENCRYPTION_KEY the stored credentials could not be read any more. */
export interface Secrets {
  postgresSuperuser: string;
  postgresRole: string;
  redis: string;
  s3AccessKeyId: string;
  s3SecretAccessKey: string;
  betterAuthSecret: string;
  encryptionKey: string;
  logIdPepper: string;
  dataProviderApiKey: string;
}

export function keptSecrets(home: string): Secrets {
  const file = join(home, 'secrets.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
  const secrets = { ...freshSecrets(), ...kept };
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return secrets;
}

function freshSecrets(): Secrets {
  return {
    postgresSuperuser: token(),
    postgresRole: token(),
    redis: token(),
    s3AccessKeyId: `scani${randomBytes(8).toString('hex')}`,
    s3SecretAccessKey: token(),
    betterAuthSecret: token(),
    encryptionKey: randomBytes(32).toString('base64'),
    logIdPepper: token(),
    dataProviderApiKey: `sk_${token()}`,
  };
}

function token(): string {
  return randomBytes(24).toString('hex');
}
