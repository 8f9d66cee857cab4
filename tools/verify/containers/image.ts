import { must } from '../checks.ts';
import { run } from '../../stack/processes.ts';
import { docker } from './engine.ts';

export interface Image {
  Size: number;
  Architecture: string;
  Config: {
    User: string;
    Entrypoint: string[];
    Env: string[];
    Labels: Record<string, string>;
    ExposedPorts?: Record<string, object>;
  };
}

export async function inspect(name: string): Promise<Image> {
  const [image] = JSON.parse(await docker('image', 'inspect', name)) as Image[];
  must(image, `${name} is not there`);
  return image;
}

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;

/** As strict as a cluster's restricted profile, and without the shells that an image has from its base. */
export const RESTRICTED = [
  '--read-only',
  '--tmpfs=/tmp',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges',
  '--network=none',
];
const NO_SHELL = ['/usr/bin/dash', '/usr/bin/bash'].map((shell) => `--volume=/dev/null:${shell}`);

/** Starts a container and ends it as an orchestrator does; returns how PID 1 took it. */
export async function restricted<T>(
  image: string,
  env: Record<string, string>,
  look: (inside: (script: string) => Promise<string>, id: string) => Promise<T>,
): Promise<{ seen: T; exitCode: number; log: string }> {
  const settings = Object.entries(env).map(([name, value]) => `--env=${name}=${value}`);
  const id = await docker('run', '--detach', ...RESTRICTED, ...NO_SHELL, ...settings, image);
  try {
    const seen = await look((script) => docker('exec', id, 'node', '-e', script), id);
    await docker('stop', '--time', '30', id);
    const exitCode = Number(await docker('inspect', '--format', '{{.State.ExitCode}}', id));
    return { seen, exitCode, log: (await run('docker', ['logs', id])).output };
  } finally {
    await run('docker', ['rm', '--force', id]);
  }
}
