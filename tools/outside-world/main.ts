import { parseArgs } from 'node:util';
import { startOutsideWorld } from './server.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, host: { type: 'string', default: '127.0.0.1' } },
});
const world = await startOutsideWorld({ port: Number(values.port), host: values.host });
console.log(JSON.stringify({ outsideWorld: world.url, ...world.urls }));

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void world.close());
