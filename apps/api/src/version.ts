import { versionOf } from '@scani/runtime';

export const VERSION = versionOf(import.meta.url);
