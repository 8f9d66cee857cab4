import { join } from 'node:path';
import { type MailCatcher, startMailCatcher } from './mail.ts';
import { anyPort } from './ports.ts';
import { Postgres } from './postgres.ts';
import type { Server } from './processes.ts';
import { type RunningRedis, startRedis } from './redis.ts';
import { type ObjectStorage, startStorage } from './s3.ts';
import type { GatewayBuild } from './s3-build.ts';
import { say, step, warn } from './screen.ts';
import type { Secrets } from './secrets.ts';

/** The servers that the product needs and does not consist of. */
export interface Services {
  postgres: Postgres;
  redis: RunningRedis;
  storage: ObjectStorage | null;
  mail: MailCatcher;
}

export interface ServicesOptions {
  home: string;
  secrets: Secrets;
  /** The address of the page that sends files straight to the object storage. */
  allowedOrigin: string;
  /** Data that nobody will miss, on ports that nobody types. */
  throwAway: boolean;
  gateway: GatewayBuild;
  /** Until when to wait for an S3 server that is being built. */
  storageDeadline: AbortSignal;
  /** Told of each server as it is spawned. */
  started: (server: Server) => void;
}

export const logsOf = (home: string) => join(home, 'logs');

export async function startServices(options: ServicesOptions): Promise<Services> {
  const [postgres, redis, mail, storage] = await Promise.all([
    step('Postgres', async (notes) => {
      const where = await place(options, 'postgres', 5433);
      const running = await Postgres.start({ ...where, superuserPassword: options.secrets.postgresSuperuser });
      notes.note(`${running.version} on 127.0.0.1:${running.port}`);
      return running;
    }),
    step('Redis', async (notes) => {
      const where = await place(options, 'redis', 6380);
      const running = await startRedis({ ...where, password: options.secrets.redis }, notes);
      notes.note(running.server ? `${running.origin} on ${new URL(running.url).host}` : running.origin);
      return running;
    }),
    step('Mail catcher', async (notes) => {
      const running = await startMailCatcher(await place(options, 'mail', 1080));
      notes.note(`${running.address}, SMTP ${running.smtpUrl.slice(7)}`);
      return running;
    }),
    objectStorage(options),
  ]);
  return { postgres, redis, mail, storage };
}

async function objectStorage(options: ServicesOptions): Promise<ObjectStorage | null> {
  const { gateway, secrets } = options;
  const storage = await step('Object storage', async (notes) => {
    if (gateway.begin()) {
      notes.progress('building an S3 server with Go, once');
      await gateway.wait(options.storageDeadline);
    }
    const running = await startStorage(
      {
        ...(await place(options, 's3', 9000)),
        accessKeyId: secrets.s3AccessKeyId,
        secretAccessKey: secrets.s3SecretAccessKey,
        bucket: 'scani',
        allowedOrigin: options.allowedOrigin,
      },
      gateway,
    );
    notes.note(running ? `${running.origin.split('/').at(-1)} on ${running.endpoint.slice(7)}` : 'none this time');
    return running;
  });
  if (!storage) sayWhatNoStorageCosts(gateway);
  return storage;
}

function sayWhatNoStorageCosts(gateway: GatewayBuild): void {
  warn('Without object storage files up to 10 MB are sent through the api, and the originals are not kept.');
  const failure = gateway.failure();
  if (failure) say(`  Building one with Go failed:\n${failure}`);
  if (gateway.isRunning()) say('  An S3 server is still being built with Go; the next start uses it.');
  else say('  To have it: install minio, versitygw, Go or docker; or set S3_ENDPOINT, S3_BUCKET and the keys.');
}

async function place(options: ServicesOptions, name: string, port: number) {
  return {
    data: join(options.home, name),
    logFile: join(logsOf(options.home), `${name}.log`),
    preferredPort: options.throwAway ? await anyPort() : port,
    throwAway: options.throwAway,
    started: options.started,
  };
}
