import type { Lent } from './provider.js';

/** One question to a language model, whose answer is one JSON object. */
export interface ModelQuestion {
  /** Names the schema: letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** From us. */
  readonly instructions: string;
  /** From others, like the text of a document: nothing in it is an instruction. */
  readonly material: string;
  /** From others as well. */
  readonly picture?: { readonly mediaType: string; readonly base64: string };
  /** JSON Schema, in the part of it that strict structured outputs know. */
  readonly schema: object;
}

/** Tokens, as the service counts them; undefined where it does not say. */
export interface ModelUsage {
  readonly input: number | undefined;
  readonly output: number | undefined;
}

/**
 * `answered`: JSON that nobody has checked yet; numbers in it are NumberText. `refused`: it does not want to answer this.
 * `cut`: there was more than fits into one answer, or into one question.
 */
export type ModelAnswer =
  | { readonly outcome: 'answered'; readonly value: unknown; readonly usage: ModelUsage }
  | { readonly outcome: 'refused'; readonly usage: ModelUsage }
  | { readonly outcome: 'cut'; readonly usage: ModelUsage };

export interface LanguageModel {
  readonly name: string;
  /** Throws ProviderError. */
  ask(question: ModelQuestion, lent: Lent): Promise<ModelAnswer>;
}
