/**
 * What has to work before anything is installed: plain JavaScript, any Node from 20 on, no packages.
 * It brings the dependencies up to the lock file and hands over to a Node that can run the rest.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname, '..', '..');
const oldestNode = [24, 11];

export async function runOnSupportedNode(script) {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) refuse(`Scani needs Node 20 or newer to set itself up; this is ${process.version}.`);
  if (process.platform === 'win32') refuse('Scani runs on Linux and macOS; on Windows please use WSL.');
  await installDependencies();
  const node = supportedNode();
  if (!node) {
    refuse(
      `Scani runs on Node ${oldestNode.join('.')} or newer; this is ${process.version}, and there is no packaged Node for ${process.platform} ${process.arch}. Please install a newer one.`,
    );
  }
  handOver(node, join(import.meta.dirname, script));
}

async function installDependencies() {
  const reason = whyInstall();
  if (!reason) return;
  const started = Date.now();
  say(`· Installing dependencies: ${reason}`);
  const heartbeat = setInterval(() => say(`  … still installing (${seconds(started)})`), 10_000);
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error']);
  clearInterval(heartbeat);
  if (code !== 0) refuse(`npm ci failed with exit code ${code}; its words are above.`);
  say(`✔ Dependencies installed (${seconds(started)})`);
}

/** Compares what npm says it installed with the lock file: a stamp of ours would be wrong after a plain `npm install`. */
function whyInstall() {
  const installedList = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedList)) return 'there are none yet.';
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(installedList);
  for (const [path, entry] of wanted) {
    const have = present.get(path);
    if (!have && !entry.optional && !entry.devOptional) return `${path.replace('node_modules/', '')} is new.`;
    if (have && have.version !== entry.version) {
      return `${path.replace('node_modules/', '')} is ${have.version}, the lock file says ${entry.version}.`;
    }
  }
  return null;
}

function packagesOf(file) {
  const entries = Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages);
  return new Map(entries.filter(([path, entry]) => path.startsWith('node_modules/') && !entry.link));
}

function supportedNode() {
  const packaged = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return process.execPath;
  return existsSync(packaged) ? packaged : null;
}

/**
 * Stays as the parent and only passes on signals: Ctrl-C reaches the child by itself, as both sit in the
 * terminal's group. The open channel tells the child when this process is killed.
 */
function handOver(node, script) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', script, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    cwd: root,
    env: { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) },
  });
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  endWithNpm(child);
  child.on('exit', (code) => process.exit(code ?? 1));
}

/** npm passes a signal on to the shell between it and this process, and the shell ends without passing it further. */
function endWithNpm(child) {
  const shell = process.ppid;
  if (!process.env.npm_lifecycle_event) return;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 300);
}

function run(command, args) {
  // npm ci empties node_modules, so neither npm nor its install scripts may run on the Node that lies in there.
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: path.join(delimiter) },
    });
    child.on('error', (error) => refuse(`${command} could not be run: ${error.message}`));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

function refuse(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function seconds(since) {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}
