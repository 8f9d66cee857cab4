import { createServer } from 'node:net';

const given = new Set<number>();

/** The first free loopback port from `preferred` on; never the same one twice in this process. */
export async function freePort(preferred: number): Promise<number> {
  for (let port = preferred; port < preferred + 500; port += 1) {
    if (given.has(port)) continue;
    if (await isFree(port)) {
      given.add(port);
      return port;
    }
  }
  throw new Error(`No free port between ${preferred} and ${preferred + 500}.`);
}

/** Any port that is free now; for servers that nobody types the address of. */
export async function anyPort(): Promise<number> {
  for (;;) {
    const port = await freePort(20_000 + Math.floor(Math.random() * 12_000));
    if (port) return port;
  }
}

/** A socket on every address would answer on loopback too, so both are asked for. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0'));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
