import type { Logger } from '@nestjs/common';

/** Says a trouble that comes back several times a second once, until it is over or another one. */
export function trouble(log: Logger, place: string): { say(error: unknown): void; over(): void } {
  let said: string | undefined;
  return {
    say: (error) => {
      const words = `${place}: ${error instanceof Error ? error.message : String(error)}`;
      if (words !== said) log.warn(words);
      said = words;
    },
    over: () => (said = undefined),
  };
}
