import type { Live } from '@scani/runtime';

/** A setting that was refused where it is not set. */
export function given(live: Live<string | undefined>): Live<string> {
  return {
    get current() {
      return live.current ?? '';
    },
    onChange: (listener) =>
      live.onChange((value) => {
        if (value !== undefined) listener(value);
      }),
  };
}
