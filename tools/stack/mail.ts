import { folder, root } from './places.ts';
import { freePort } from './ports.ts';
import { Server } from './processes.ts';
import { join } from 'node:path';
import process from 'node:process';

export interface MailCatcher {
  server: Server;
  smtpUrl: string;
  /** Its page, where a person reads the mails. */
  address: string;
  /** Its REST interface, for tests. */
  api: string;
}

/** A mail server that delivers to a web page instead of to people. */
export async function startMailCatcher(options: {
  data: string;
  logFile: string;
  preferredPort: number;
  started: (server: Server) => void;
}): Promise<MailCatcher> {
  const smtp = await freePort(options.preferredPort - 55);
  const web = await freePort(options.preferredPort);
  const server = new Server({
    name: 'mail catcher',
    command: process.execPath,
    args: [
      join(root, 'node_modules', 'maildev', 'dist', 'bin', 'maildev.js'),
      '--ip=127.0.0.1',
      `--smtp=${smtp}`,
      '--web-ip=127.0.0.1',
      `--web=${web}`,
      `--mail-directory=${folder(options.data)}`,
      '--max-emails=200',
    ],
    logFile: options.logFile,
  });
  options.started(server);
  const address = `http://127.0.0.1:${web}`;
  await server.ready(async () => (await fetch(`${address}/api/healthz`)).ok, 20_000);
  return { server, smtpUrl: `smtp://127.0.0.1:${smtp}`, address, api: `${address}/api` };
}
