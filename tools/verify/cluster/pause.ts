import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPath } from '../../stack/processes.ts';
import { ran } from '../containers/debian.ts';
import { docker } from '../containers/engine.ts';
import { PAUSE } from './node.ts';

const PROGRAM = `package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	over := make(chan os.Signal, 1)
	signal.Notify(over, syscall.SIGTERM, syscall.SIGINT)
	<-over
}
`;

/** The container that holds a pod's network. */
export async function pauseImage(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'scani-pause-'));
  try {
    writeFileSync(join(work, 'main.go'), PROGRAM);
    writeFileSync(
      join(work, 'Dockerfile'),
      'FROM scratch\nCOPY pause /pause\nUSER 65535:65535\nENTRYPOINT ["/pause"]\n',
    );
    await ran(onPath('go') ?? 'go', ['build', '-o', join(work, 'pause'), join(work, 'main.go')], { CGO_ENABLED: '0' });
    await docker('build', '--quiet', '--tag', PAUSE, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
