/** One bad part of a request: a JSON pointer (`/lines/3/amount`) and what to do about it. */
export interface FieldProblem {
  pointer: string;
  detail: string;
}

/**
 * Why something was not done, in words for the person who asked. Thrown anywhere, shown as problem+json (RFC 9457).
 * `code` is stable and meant for programs; `detail` is a sentence with the remedy.
 */
export abstract class Refusal extends Error {
  abstract readonly status: number;
  abstract readonly title: string;
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = new.target.name;
  }
}

/** There is no such thing, or it belongs to somebody else: the two look the same. */
export class NotFound extends Refusal {
  readonly status = 404;
  readonly title = 'Not found';
}

/** The request was understood and makes no sense. */
export class Invalid extends Refusal {
  readonly status = 422;
  readonly title = 'Not valid';
  constructor(
    code: string,
    detail: string,
    readonly errors: readonly FieldProblem[] = [],
    facts: Record<string, unknown> = {},
  ) {
    super(code, detail, facts);
  }
}

/** The thing is in a state in which this cannot be done. */
export class Conflict extends Refusal {
  readonly status = 409;
  readonly title = 'Not now';
}

/** Known, and not allowed. */
export class Forbidden extends Refusal {
  readonly status = 403;
  readonly title = 'Not allowed';
}

/** Nobody is signed in. */
export class SignedOut extends Refusal {
  readonly status = 401;
  readonly title = 'Signed out';
  constructor(code = 'signed-out', detail = 'Sign in to go on.') {
    super(code, detail);
  }
}

/** Too large to take. */
export class TooLarge extends Refusal {
  readonly status = 413;
  readonly title = 'Too large';
}

/** Over a limit; `retryAfterSeconds` says when to come back. */
export class TooMany extends Refusal {
  readonly status = 429;
  readonly title = 'Too many requests';
  constructor(
    code: string,
    detail: string,
    readonly retryAfterSeconds: number,
  ) {
    super(code, detail, { retryAfterSeconds });
  }
}

/** A part that is needed is away; the same request may work later. */
export class Unavailable extends Refusal {
  readonly status = 503;
  readonly title = 'Not available';
  constructor(
    code: string,
    detail: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(code, detail, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  }
}
