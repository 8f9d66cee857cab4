import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { MailDev } from 'maildev';

export interface CaughtMail {
  subject: string;
  text: string;
  html: string;
  from: { address: string; name: string }[];
  to: { address: string; name: string }[];
  envelope: { to: { address: string }[] };
  headers: Record<string, unknown>;
}

export interface MailCatcher {
  smtpUrl: string;
  mails(): Promise<CaughtMail[]>;
  close(): Promise<void>;
}

/** maildev on free ports. */
export async function startMailCatcher(): Promise<MailCatcher> {
  const [smtp, web] = [await freePort(), await freePort()];
  const server = new MailDev({ smtp, ip: '127.0.0.1', web, webIp: '127.0.0.1', silent: true });
  await server.start();
  return {
    smtpUrl: `smtp://127.0.0.1:${smtp}`,
    mails: async () => (await (await fetch(`http://127.0.0.1:${web}/api/email`)).json()) as CaughtMail[],
    close: () => server.stop(),
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An SMTP server (RFC 5321) that answers one command its own way. */
export async function startStubbornMailServer(
  command: string,
  answer: string,
): Promise<{ smtpUrl: string; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('220 stubborn ESMTP\r\n');
    socket.on('data', (data) => {
      const line = String(data).trim();
      if (line.toUpperCase().startsWith(command)) socket.write(`${answer}\r\n`);
      else if (line.startsWith('QUIT')) socket.end('221 bye\r\n');
      else socket.write('250 fine\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
