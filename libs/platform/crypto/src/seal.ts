import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { type Field, fragment, optional, text, Unavailable } from '@scani/runtime';

function keyText(about: { description: string }): Field<string> {
  return {
    ...text({ ...about, secret: true }),
    parse(value) {
      if (!bytesOf(value)) throw new Error('must be 32 bytes, as 64 hex digits or base64');
      return value;
    },
  };
}
import { Counter } from 'prom-client';

export const cryptoEnv = fragment('crypto', {
  ENCRYPTION_KEY: keyText({
    description:
      'Seals credentials and other secrets at rest: 32 bytes, as 64 hex digits or base64. Keep it with the backups.',
  }),
  ENCRYPTION_KEY_PREVIOUS: optional(
    keyText({ description: 'The key before the last change, until everything is sealed anew.' }),
  ),
});

/** A wrong key is silent otherwise: what cannot be opened fails one job here and one request there. */
export const decryptFailures = new Counter({
  name: 'scani_decrypt_failures_total',
  help: 'Sealed values that could not be opened.',
  registers: [],
});

/** A sealed text could not be opened: wrong key, or changed on the way. */
export class SealBroken extends Error {
  constructor(reason: string) {
    super(`The sealed value cannot be opened: ${reason}`);
    this.name = 'SealBroken';
  }
}

interface Key {
  id: string;
  bytes: Buffer;
}

/** AES-256-GCM (NIST SP 800-38D) with the id of the key in front, so that keys can be changed while both are known. */
export class KeyRing {
  private readonly keys: readonly Key[];
  private foreign = false;

  /** The first key seals, all of them open. Throws when a key is not 32 bytes. */
  constructor(...texts: readonly (string | undefined)[]) {
    this.keys = texts.filter((value) => value !== undefined).map(keyOf);
    if (this.keys.length === 0) throw new Error('ENCRYPTION_KEY is not set');
  }

  /** What may be shown of the current key: 8 hex digits of its hash. */
  get fingerprint(): string {
    return this.current.id;
  }

  /** Whether these keys are known not to be the installation's; as long as they are, nothing is sealed. */
  set isForeign(foreign: boolean) {
    this.foreign = foreign;
  }

  /**
   * `purpose` is bound to the sealed text; it opens under the same purpose only. Throws Unavailable where the keys are not
   * the installation's: nobody else could open it.
   */
  seal(purpose: string, plain: string): string {
    if (this.foreign) {
      throw new Unavailable(
        'wrong-key',
        'This installation is set up with a wrong key. Who runs it finds more in its log.',
      );
    }
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.current.bytes, iv).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `s1.${this.current.id}.${iv.toString('base64url')}.${sealed.toString('base64url')}`;
  }

  /** Throws SealBroken. */
  open(purpose: string, sealed: string): string {
    try {
      return this.opened(purpose, sealed);
    } catch (error) {
      decryptFailures.inc();
      throw error;
    }
  }

  private opened(purpose: string, sealed: string): string {
    const [version, id, iv, body] = sealed.split('.');
    if (version !== 's1' || !id || !iv || !body) throw new SealBroken('this is not a sealed value');
    const key = this.keys.find((one) => one.id === id);
    if (!key)
      throw new SealBroken(
        `it was sealed with key ${id}, this process has ${this.keys.map((one) => one.id).join(', ')}`,
      );
    const bytes = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(iv, 'base64url'))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(-16));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
    } catch {
      throw new SealBroken('it was changed, or meant for something else');
    }
  }

  private get current(): Key {
    return this.keys[0] as Key;
  }
}

function bytesOf(value: string): Buffer | undefined {
  const bytes = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64');
  return bytes.length === 32 ? bytes : undefined;
}

function keyOf(value: string): Key {
  const bytes = bytesOf(value);
  if (!bytes) throw new Error('ENCRYPTION_KEY must be 32 bytes, as 64 hex digits or base64');
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}
