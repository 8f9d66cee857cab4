import { HttpClient, HttpContext } from '@angular/common/http';
import { computed, inject, Injectable, linkedSignal, Signal, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { firstValueFrom, map, Observable } from 'rxjs';
import type { StrictHttpResponse } from '../../api/strict-http-response';
import { Live, Topic } from './live';
import { messageOf } from './problem';

type Operation<P, R> = (
  http: HttpClient,
  rootUrl: string,
  params: P,
  context?: HttpContext,
) => Observable<StrictHttpResponse<R>>;

/** Calls one generated operation once: for everything that changes something. */
@Injectable({ providedIn: 'root' })
export class Api {
  private readonly http = inject(HttpClient);

  async call<P, R>(operation: Operation<P, R>, params: P): Promise<R> {
    return (await firstValueFrom(operation(this.http, '', params))).body;
  }
}

export interface Read<R> {
  /** The latest answer; it stays while a newer one loads, so nothing flickers. */
  readonly value: Signal<R | undefined>;
  /** Why the latest attempt failed; undefined when it did not. */
  readonly error: Signal<string | undefined>;
  readonly loading: Signal<boolean>;
  /** Nothing to show yet, and nothing has failed. */
  readonly pending: Signal<boolean>;
  reload(): void;
}

/**
 * Reads one generated operation as signals. Undefined params: nothing is asked. With `live` it is read again
 * whenever the server says that this topic has changed.
 */
export function read<P, R>(
  operation: Operation<P, R>,
  params: () => NoInfer<P> | undefined,
  options: { live?: Topic } = {},
): Read<R> {
  const http = inject(HttpClient);
  const live = inject(Live);
  const resource = rxResource({
    params: () => {
      const wanted = params();
      return wanted === undefined ? undefined : { wanted, version: options.live ? live.version(options.live) : 0 };
    },
    stream: ({ params: asked }) => operation(http, '', asked.wanted).pipe(map((response) => response.body)),
  });
  const value = linkedSignal<R | undefined, R | undefined>({
    source: () => (resource.hasValue() ? (resource.value() as R) : undefined),
    computation: (latest, previous) => latest ?? previous?.value,
  });
  const error = computed(() => {
    const failure = resource.error();
    return failure ? messageOf(failure.cause ?? failure) : undefined;
  });
  return {
    value: value.asReadonly(),
    error,
    loading: resource.isLoading,
    pending: computed(() => value() === undefined && error() === undefined),
    reload: () => void resource.reload(),
  };
}

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface Pages<R extends Page<unknown>> extends Read<R> {
  readonly items: Signal<R['items']>;
  readonly hasMore: Signal<boolean>;
  readonly loadingMore: Signal<boolean>;
  more(): Promise<void>;
}

/** Reads a list page by page; the pages after the first are dropped when the first one is read again. */
export function readPages<P, R extends Page<unknown>>(
  operation: Operation<P, R>,
  params: () => NoInfer<P> | undefined,
  options: { live?: Topic } = {},
): Pages<R> {
  const api = inject(Api);
  const first = read(operation, params, options);
  const rest = linkedSignal<R | undefined, R[]>({ source: first.value, computation: () => [] });
  const last = computed(() => rest().at(-1) ?? first.value());
  const loadingMore = signal(false);
  return {
    ...first,
    items: computed(() => [...(first.value()?.items ?? []), ...rest().flatMap((page) => page.items)]),
    hasMore: computed(() => Boolean(last()?.nextCursor)),
    loadingMore: loadingMore.asReadonly(),
    async more() {
      const cursor = last()?.nextCursor;
      const wanted = params();
      if (!cursor || !wanted || loadingMore()) return;
      loadingMore.set(true);
      try {
        const page = await api.call(operation, { ...(wanted as P), cursor } as P);
        rest.update((pages) => [...pages, page]);
      } finally {
        loadingMore.set(false);
      }
    },
  };
}
