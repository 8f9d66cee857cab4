import { isDeepStrictEqual } from 'node:util';
import { idOf, isHook, type KubeObject } from './chart.js';

/** Fields that the api server does not let anybody change. */
const IMMUTABLE: Record<string, string[][]> = {
  Deployment: [['spec', 'selector']],
  StatefulSet: [
    ['spec', 'selector'],
    ['spec', 'serviceName'],
    ['spec', 'volumeClaimTemplates'],
  ],
  Service: [['spec', 'clusterIP']],
  Job: [
    ['spec', 'template'],
    ['spec', 'selector'],
    ['spec', 'completions'],
  ],
};

export interface UpgradeDiff {
  added: string[];
  removed: string[];
  /** Changes that would fail on a cluster. */
  impossible: string[];
}

const at = (object: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);

/** What an upgrade from one rendering to another does. Hooks are made anew each time, so they may change as they like. */
export function upgradeDiff(before: readonly KubeObject[], after: readonly KubeObject[]): UpgradeDiff {
  const [old, fresh] = [before, after].map(
    (objects) => new Map(objects.filter((object) => !isHook(object)).map((object) => [idOf(object), object])),
  ) as [Map<string, KubeObject>, Map<string, KubeObject>];
  const impossible: string[] = [];
  for (const [id, object] of fresh) {
    const known = old.get(id);
    if (!known) continue;
    for (const path of IMMUTABLE[object.kind] ?? []) {
      if (!isDeepStrictEqual(at(known, path), at(object, path))) impossible.push(`${id} ${path.join('.')}`);
    }
  }
  return {
    added: [...fresh.keys()].filter((id) => !old.has(id)).sort(),
    removed: [...old.keys()].filter((id) => !fresh.has(id)).sort(),
    impossible,
  };
}
