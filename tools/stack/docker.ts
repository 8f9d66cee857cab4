import { spawnSync } from 'node:child_process';
import { onPath, Server } from './processes.ts';

export interface DockerOptions {
  name: string;
  image: string;
  port: number;
  innerPort: number;
  volume?: { from: string; to: string };
  env?: Record<string, string>;
  args: string[];
  logFile: string;
}

/** A server in a container that lives as long as its client process. */
export function dockerServer(options: DockerOptions): Server {
  const environment = Object.keys(options.env ?? {}).flatMap((name) => ['--env', name]);
  const volume = options.volume ? ['--volume', `${options.volume.from}:${options.volume.to}`] : [];
  return new Server({
    name: options.name,
    command: 'docker',
    args: [
      'run',
      '--rm',
      `--publish=127.0.0.1:${options.port}:${options.innerPort}`,
      ...environment,
      ...volume,
      options.image,
      ...options.args,
    ],
    env: options.env,
    logFile: options.logFile,
    stopWithinMs: 20_000,
  });
}

/** The client alone is not enough: its daemon must answer. */
dockerServer.available = (): boolean =>
  onPath('docker') !== null && spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 5_000 }).status === 0;
