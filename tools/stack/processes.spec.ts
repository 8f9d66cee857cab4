import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, expect, test } from 'vitest';
import { Server, commandOf, endLeftover } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'scani-processes-'));
const servers: Server[] = [];

function server(script: string, stopWithinMs = 5_000): Server {
  const logFile = join(folder, `${servers.length}.log`);
  const one = new Server({ name: 'it', command: process.execPath, args: ['-e', script], logFile, stopWithinMs });
  servers.push(one);
  return one;
}
const logs = (index: number) => readFileSync(join(folder, `${index}.log`), 'utf8');

afterEach(() => Promise.all(servers.map((one) => one.stop())));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a server that ends while starting is refused with the end of its log', async () => {
  const failing = server('console.log(JSON.stringify({ context: "Api", msg: "no database" })); process.exit(3)');
  await expect(failing.ready(() => Promise.resolve(false), 10_000)).rejects.toThrow('Api · no database');
});

test('a death is told, but not one that was asked for', async () => {
  const told: string[] = [];
  const alive = server('setInterval(() => {}, 1000)');
  const dying = server('setTimeout(() => process.exit(7), 150)');
  for (const one of [alive, dying]) {
    await one.ready(() => Promise.resolve(true), 5_000);
    one.onDeath((why) => told.push(why));
  }
  await alive.stop();
  await expect.poll(() => told).toEqual(['exit code 7']);
});

test('one that does not listen to its signal is killed in the end', async () => {
  const deaf = server('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)', 300);
  await expect.poll(() => logs(servers.length - 1)).toContain('up');
  await deaf.stop();
  expect(deaf.running).toBe(false);
});

test('a pid that belongs to somebody else by now is left alone', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const pid = other.pid ?? 0;
  await expect.poll(() => commandOf(pid)).toContain('setInterval');
  expect(await endLeftover(pid, 'postgres -D /somewhere', 'SIGTERM')).toBe(false);
  expect(commandOf(pid)).not.toBeNull();
  expect(await endLeftover(pid, 'setInterval', 'SIGTERM')).toBe(true);
});
