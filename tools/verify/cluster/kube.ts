import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { helmBuild } from '../../stack/helm.ts';
import { root } from '../../stack/places.ts';
import { type Finished, run } from '../../stack/processes.ts';
import { Stop } from '../../stack/screen.ts';
import { must } from '../checks.ts';
import { program } from './programs.ts';

export const chart = join(root, 'charts', 'scani');
const WAIT_MS = 500;

interface Item {
  metadata: {
    name: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: { replicas?: number; clusterIP?: string };
  status?: Record<string, unknown> & { startTime?: string; completionTime?: string; readyReplicas?: number };
}

/** Values as arguments of helm. */
export const set = (...values: string[]): string[] => values.flatMap((value) => ['--set', value]);

/** The cluster as its administrator sees it. */
export class Kube {
  private readonly env: Record<string, string>;

  constructor(kubeconfig: string) {
    this.env = { KUBECONFIG: kubeconfig };
  }

  async kubectl(...args: string[]): Promise<string> {
    const done = await this.ask(...args);
    must(done.code === 0, `kubectl ${args.slice(0, 3).join(' ')}: ${done.output.slice(-600)}`);
    return done.output.trim();
  }

  ask(...args: string[]): Promise<Finished> {
    return run(program('kubectl'), args, { env: this.env });
  }

  async helm(...args: string[]): Promise<string> {
    const done = await this.tryHelm(...args);
    must(done.code === 0, `helm ${args.slice(0, 2).join(' ')}: ${done.output.slice(-900)}`);
    return done.output;
  }

  tryHelm(...args: string[]): Promise<Finished> {
    const helm = helmBuild().program();
    if (!helm) throw new Stop('There is no helm: npm run verify:chart builds it.');
    return run(helm, args, { env: this.env });
  }

  async apply(manifest: string | object, ...flags: string[]): Promise<string> {
    const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
    const { code, output } = await this.send(['apply', ...flags, '-f', '-'], text);
    must(code === 0, `kubectl apply: ${output.slice(-900)}`);
    return output;
  }

  private async send(args: string[], text: string): Promise<Finished> {
    const child = spawn(program('kubectl'), args, { env: { ...process.env, ...this.env } });
    child.stdin.end(text);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code: code ?? 1, output };
  }

  /** Asks for a pod to go, as a drained node does; the status of the answer. */
  async evict(name: string, namespace: string): Promise<number> {
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
    const { code, output } = await this.send(['create', '--raw', path, '-f', '-'], JSON.stringify(body));
    if (code === 0) return 201;
    return /TooManyRequests|disruption budget/.test(output) ? 429 : 0;
  }

  async items(kind: string, namespace: string, selector = ''): Promise<Item[]> {
    const text = await this.kubectl('get', kind, '-n', namespace, '-l', selector, '-o', 'json');
    return (JSON.parse(text) as { items: Item[] }).items;
  }

  /** Those that are not on their way out. */
  async pods(namespace: string, selector: string): Promise<Item[]> {
    return (await this.items('pods', namespace, selector)).filter(({ metadata }) => !metadata.deletionTimestamp);
  }

  async item(kind: string, name: string, namespace: string): Promise<Item> {
    return JSON.parse(await this.kubectl('get', kind, name, '-n', namespace, '-o', 'json')) as Item;
  }

  /** Waits until it holds; says what it waited for when it does not. */
  async until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<number> {
    const started = performance.now();
    while (!(await holds().catch(() => false))) {
      must(performance.now() - started < withinMs, `not within ${withinMs / 1_000} s: ${what}`);
      await wait(WAIT_MS);
    }
    return performance.now() - started;
  }
}
