import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  cert: string;
  key: string;
}

/** An authority that nobody knows yet; `ca` is its file. */
export class Authority {
  private readonly home = mkdtempSync(join(tmpdir(), 'scani-authority-'));
  readonly ca = join(this.home, 'ca.pem');

  constructor() {
    const own = ['-keyout', this.at('ca.key'), '-out', this.ca, '-subj', '/CN=an authority', '-days', '2'];
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...own);
  }

  /** For one name; `days` may have passed. */
  certificate(name: string, subject: string, days: number): Certificate {
    writeFileSync(this.at(`${name}.ext`), `subjectAltName=${subject}\n`);
    const request = ['-keyout', this.at(`${name}.key`), '-out', this.at(`${name}.csr`), '-subj', `/CN=${name}`];
    openssl('req', '-newkey', 'rsa:2048', '-nodes', ...request);
    const by = ['-CA', this.ca, '-CAkey', this.at('ca.key'), '-CAcreateserial', '-extfile', this.at(`${name}.ext`)];
    const out = ['-out', this.at(`${name}.pem`), '-days', String(days)];
    openssl('x509', '-req', '-in', this.at(`${name}.csr`), ...by, ...out);
    return { cert: readFileSync(this.at(`${name}.pem`), 'utf8'), key: readFileSync(this.at(`${name}.key`), 'utf8') };
  }

  private at(file: string): string {
    return join(this.home, file);
  }
}

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
