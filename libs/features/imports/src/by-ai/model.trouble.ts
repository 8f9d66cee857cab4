import { CloudError } from '@scani/cloud';
import { Unrepeatable } from '@scani/jobs';

/** What another try does not mend, by the word of the data-provider, and what to do about it. */
const REMEDIES: Readonly<Record<string, string>> = {
  'ai-not-configured':
    'The data-provider of this installation reads nothing by AI. Its operator sets OPENAI_API_KEY there, or AI_URL to a model of their own. Until then enter it by hand.',
  'ai-unauthorized':
    'The model does not take the key of the data-provider. Its operator has to set another OPENAI_API_KEY there; then try again.',
  'ai-model-unknown':
    'The data-provider asks for a model that is not there. Its operator has to correct AI_MODEL; then try again.',
  'key-scope':
    'The key of this installation may not use AI. Ask the operator of the data-provider to allow it; then try again.',
};

/**
 * Asks the data-provider to read something. What is limited or away stays an error for which a job waits; what will be
 * refused again becomes Unrepeatable with what to do.
 */
export async function readByModel<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const { problem } = error;
    if (problem !== undefined && REMEDIES[problem] !== undefined) throw new Unrepeatable(problem, REMEDIES[problem]);
    if (error.code === 'refused') throw new Unrepeatable(problem ?? 'ai-refused', error.detail);
    throw error;
  }
}
