import { Logger, type LoggerService } from '@nestjs/common';
import { writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { BadEnv, type EnvOf, type Fragment, readEnv, secretsOf } from './env/env.js';
import type { logEnv } from './log.js';
import { logMask, type Mask } from './log-mask.js';

const LEVELS = { error: 50, fatal: 60 } as const;

/** Reads the settings or says which are wrong and ends the process with 1. */
export function envOrExit<const L extends readonly Fragment[]>(fragments: L): EnvOf<L> {
  try {
    return readEnv(fragments);
  } catch (error) {
    if (!(error instanceof BadEnv)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/**
 * From now on what nobody catches is one line of the log like any other, masked, and the process ends with 1; Node itself
 * would write it to standard error as it is. The same goes for what is said before there is a log.
 */
export function lastWords(service: string, env: EnvOf<readonly [typeof logEnv]>): void {
  const mask = logMask(env.LOG_ID_PEPPER, secretsOf(env));
  Logger.overrideLogger(earlyLog(service, mask));
  // Rejections that nobody handles come here as well: Node makes exceptions of them.
  process.on('uncaughtException', (error: unknown) => {
    write(lineOf(service, 'fatal', 'nobody caught this, so the process ends', error), mask);
    process.exit(1);
  });
}

/** Errors alone: all else is kept by Nest until there is a log. */
function earlyLog(service: string, mask: Mask): LoggerService {
  const say = (level: keyof typeof LEVELS, message: unknown, more: unknown[]): void => {
    const stack = more.find((one) => typeof one === 'string' && one.includes('\n'));
    write(lineOf(service, level, 'could not start', message instanceof Error ? message : (stack ?? message)), mask);
  };
  return {
    log: () => undefined,
    warn: () => undefined,
    error: (message: unknown, ...more: unknown[]) => say('error', message, more),
    fatal: (message: unknown, ...more: unknown[]) => say('fatal', message, more),
  };
}

function lineOf(service: string, level: keyof typeof LEVELS, msg: string, error: unknown): string {
  const err =
    error instanceof Error
      ? { type: error.name, message: error.message, stack: error.stack, ...causeOf(error) }
      : { type: typeof error, message: String(error) };
  return JSON.stringify({
    level: LEVELS[level],
    time: Date.now(),
    pid: process.pid,
    hostname: hostname(),
    name: service,
    err,
    msg,
  });
}

const causeOf = ({ cause }: Error): object => (cause instanceof Error ? { cause: cause.stack ?? cause.message } : {});

/** At once: a process that ends does not wait for streams. */
function write(line: string, mask: Mask): void {
  try {
    writeSync(1, mask(line));
  } catch {
    // Whoever read the log is gone; the exit code still tells.
  }
}
