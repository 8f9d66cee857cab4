/**
 * Writes what follows from the code: .env.example from the schemas of the environment, the OpenAPI document and the
 * console's client from the controllers. `--check` writes nothing and fails where a file is out of date.
 * Run after a build: `npm run generate`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

interface Field {
  description: string;
  secret: boolean;
  default: string | undefined;
  required: boolean;
  example: string | undefined;
}
interface Fragment {
  name: string;
  fields: Record<string, Field>;
}

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const stale: string[] = [];

function put(path: string, text: string): void {
  const file = join(root, path);
  let known = '';
  try {
    known = readFileSync(file, 'utf8');
  } catch {
    // not there yet: it is written below
  }
  if (known === text) return;
  if (check) stale.push(path);
  else writeFileSync(file, text);
}

const WIDTH = 110;
const commented = (words: string): string => {
  const lines = [''];
  for (const word of words.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `# ${line}`).join('\n');
};

function envExample(processes: Record<string, readonly Fragment[]>): string {
  const readers = new Map<string, { field: Field; by: string[] }>();
  for (const [name, fragments] of Object.entries(processes)) {
    for (const fragment of fragments) {
      for (const [key, field] of Object.entries(fragment.fields)) {
        const known = readers.get(key) ?? { field, by: [] };
        known.by.push(name);
        readers.set(key, known);
      }
    }
  }
  const entries = [...readers].map(([key, { field, by }]) => {
    const about = `${field.description} (${by.join(', ')})${field.secret ? ` A secret: ${key}_FILE may name a file instead.` : ''}`;
    const value = field.default ?? field.example ?? '';
    return `${commented(about)}\n${field.required ? '' : '# '}${key}=${value}\n`;
  });
  return `# Written by \`npm run generate\` from the schemas in the code.\n# What is commented out may be left out; the value shown is the default or an example.\n\n${entries.join('\n')}`;
}

async function openApiDocument(): Promise<string> {
  await import('reflect-metadata');
  const { NestFactory } = await import('@nestjs/core');
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  const { readEnv } = await import('@scani/runtime');
  const { ApiModule } = await import(join(root, 'apps/api/dist/api.module.js'));
  const { documentOf } = await import(join(root, 'apps/api/dist/openapi.js'));
  const { apiEnv } = await import(join(root, 'apps/api/dist/env.js'));
  const env = readEnv(apiEnv, {
    DATABASE_URL: 'postgres://nobody@localhost/none',
    REDIS_URL: 'redis://localhost',
    SCANI_CLOUD_API_KEY: 'x'.repeat(20),
    BETTER_AUTH_SECRET: 'x'.repeat(32),
    ENCRYPTION_KEY: 'ab'.repeat(32),
    LOG_ID_PEPPER: 'x'.repeat(16),
  });
  // In preview nothing is made and nothing is connected to; the routes are read from their decorators.
  const app = await NestFactory.create(ApiModule.register(env), new FastifyAdapter(), { preview: true, logger: false });
  return `${JSON.stringify(documentOf(app), null, 2)}\n`;
}

const { apiEnv } = await import(join(root, 'apps/api/dist/env.js'));
const { workerProcessEnv } = await import(join(root, 'apps/worker/dist/env.js'));
const { dataProviderEnv } = await import(join(root, 'apps/data-provider/dist/env.js'));
const { migrationEnv } = await import('@scani/database');
put(
  '.env.example',
  envExample({ api: apiEnv, worker: workerProcessEnv, 'data-provider': dataProviderEnv, cli: [migrationEnv] }),
);
put('apps/console/openapi.json', await openApiDocument());
if (!check) {
  execFileSync(join(root, 'node_modules/.bin/ng-openapi-gen'), ['--config', 'apps/console/ng-openapi-gen.json'], {
    cwd: root,
    stdio: 'inherit',
  });
}
if (stale.length > 0) {
  process.stderr.write(`out of date: ${stale.join(', ')}. Run npm run generate and commit what it writes.\n`);
  process.exit(1);
}
process.exit(0);
