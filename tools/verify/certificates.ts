import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../stack/places.ts';
import { run } from '../stack/processes.ts';
import { wellRun } from './checks.ts';

export interface Certificates {
  /** Of the authority. */
  ca: string;
  cert: string;
  key: string;
}

const NAMES = 'DNS:localhost,IP:127.0.0.1';

/** An authority of its own and a certificate of it for this machine; readable for servers that run as other users. */
export async function certificates(
  home: string,
  name: string,
  names: readonly string[] = [],
  addresses: readonly string[] = [],
): Promise<Certificates> {
  const place = folder(home, 'certificates', name);
  const at = (file: string): string => join(place, file);
  writeFileSync(
    at('names.ext'),
    `subjectAltName=${[NAMES, ...names.map((one) => `DNS:${one}`), ...addresses.map((one) => `IP:${one}`)].join(',')}\n`,
  );
  const ca = ['-days', '2', '-subj', `/CN=${name} authority`, '-keyout', at('ca.key'), '-out', at('ca.pem')];
  const request = ['-subj', '/CN=localhost', '-keyout', at('server.key'), '-out', at('server.csr')];
  const by = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('names.ext')];
  await openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...ca);
  await openssl('req', '-newkey', 'rsa:2048', '-nodes', ...request);
  await openssl('x509', '-req', '-in', at('server.csr'), '-days', '2', ...by, '-out', at('server.pem'));
  chmodSync(at('server.key'), 0o644);
  return { ca: at('ca.pem'), cert: at('server.pem'), key: at('server.key') };
}

const openssl = (...args: string[]): Promise<string> => wellRun(run('openssl', args), `openssl ${args[0]}`);
