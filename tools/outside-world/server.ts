import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { coingecko } from './coingecko.ts';
import { defillama } from './defillama.ts';
import { ecb } from './ecb.ts';
import { esplora } from './esplora.ts';
import { ethereumRpc } from './ethereum-rpc.ts';
import { etherscan } from './etherscan.ts';
import { faultAnswer, Faults, SERVICES, type Fault, type Service } from './faults.ts';
import { finnhub } from './finnhub.ts';
import { frankfurter } from './frankfurter.ts';
import { google } from './google.ts';
import { helius } from './helius.ts';
import { bodyOf, json, type Answer, type Asked } from './http.ts';
import { openai } from './openai.ts';
import { ton } from './ton.ts';
import { tron } from './tron.ts';
import { worldUrls, type WorldUrls } from './urls.ts';
import { yahoo } from './yahoo.ts';

export type { Fault, Service } from './faults.ts';

const PLAYERS: Record<Service, (asked: Asked) => Answer> = {
  coingecko,
  defillama,
  yahoo,
  finnhub,
  frankfurter,
  ecb,
  openai,
  esplora,
  etherscan,
  'ethereum-rpc': ethereumRpc,
  helius,
  tron,
  ton,
  google,
};

/** The others are read only. */
const TAKE_POST: ReadonlySet<Service> = new Set(['openai', 'ethereum-rpc', 'helius', 'google']);

export interface OutsideWorld {
  readonly url: string;
  readonly port: number;
  readonly urls: WorldUrls;
  fail(fault: Fault): void;
  heal(): void;
  /** Paths with their queries that a service was asked for, oldest first. */
  requests(service: Service): readonly string[];
  forgetRequests(): void;
  close(): Promise<void>;
}

interface Options {
  /** 0 or none takes a free one. */
  port?: number;
  /** 127.0.0.1 unless it is said. */
  host?: string;
  now?: () => number;
}

export async function startOutsideWorld(options: Options = {}): Promise<OutsideWorld> {
  const faults = new Faults();
  const asked = new Map<Service, string[]>(SERVICES.map((service) => [service, []]));
  const now = options.now ?? Date.now;
  const server = createServer((request, response) => {
    handle(request, response, { faults, asked, now }).catch((error: unknown) => {
      send(response, json(500, { message: String(error) }));
    });
  });
  await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    urls: worldUrls(url),
    fail: (fault) => faults.add(fault),
    heal: () => faults.clear(),
    requests: (service) => [...(asked.get(service) ?? [])],
    forgetRequests: () => asked.forEach((paths) => (paths.length = 0)),
    close: () => close(server),
  };
}

interface World {
  faults: Faults;
  asked: Map<Service, string[]>;
  now: () => number;
}

const MOST_REMEMBERED = 10_000;

async function handle(request: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://outside.world');
  if (url.pathname.startsWith('/control/')) return control(request, response, url.pathname, world);
  if (url.pathname === '/')
    return send(response, json(200, { services: SERVICES, control: ['/control/faults', '/control/requests'] }));
  const [, name = '', ...rest] = url.pathname.split('/');
  const service = SERVICES.find((each) => each === name);
  if (!service) return send(response, json(404, { message: `no such service: ${name}` }));
  const path = `/${rest.join('/')}`;
  const seen = world.asked.get(service);
  if (seen && seen.length < MOST_REMEMBERED) seen.push(path + url.search);
  const fault = world.faults.take(service, path);
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'reset') return void request.socket.destroy();
  if (fault) return send(response, faultAnswer(fault));
  const method = request.method ?? 'GET';
  if (method !== 'GET' && !TAKE_POST.has(service)) return send(response, json(405, { message: 'method not allowed' }));
  const { headers } = request;
  const body = await bodyOf(request);
  send(response, PLAYERS[service]({ path, query: url.searchParams, method, headers, body, now: world.now() }));
}

async function control(request: IncomingMessage, response: ServerResponse, path: string, world: World): Promise<void> {
  if (path === '/control/requests') {
    if (request.method === 'DELETE') world.asked.forEach((paths) => (paths.length = 0));
    return send(response, json(200, Object.fromEntries(world.asked)));
  }
  if (path !== '/control/faults') return send(response, json(404, { message: 'no such control' }));
  if (request.method === 'DELETE') {
    world.faults.clear();
    return send(response, json(200, {}));
  }
  const fault = JSON.parse(await bodyOf(request)) as Fault;
  if (!SERVICES.includes(fault.service)) return send(response, json(422, { message: 'unknown service' }));
  world.faults.add(fault);
  send(response, json(201, fault));
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
