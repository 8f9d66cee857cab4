import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../stack/places.ts';

export const RULES = join(root, 'charts/scani/files/rules/scani.yaml');
export const DASHBOARD = join(root, 'charts/scani/files/dashboards/scani.json');

export const RUNBOOKS = join(root, 'docs/runbooks');

export const runbooks = (): { page: string; text: string }[] =>
  readdirSync(RUNBOOKS).map((page) => ({ page, text: readFileSync(join(RUNBOOKS, page), 'utf8') }));

export interface Alert {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export function alerts(): Alert[] {
  const file = parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Alert[] }[] };
  return file.groups.flatMap((group) => group.rules);
}

export interface Panel {
  title: string;
  type: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid: string };
  targets?: { expr: string; refId: string }[];
}

export interface Dashboard {
  title: string;
  uid: string;
  schemaVersion: number;
  templating: { list: { name: string; type: string }[] };
  panels: Panel[];
}

export const dashboard = (): Dashboard => JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard;

/** What Grafana asks Prometheus for, once its variables have values. */
export const withoutVariables = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '5m').replaceAll('$namespace', '.*');

/** Every question of the dashboard, with where it stands. */
export function questions(): { panel: string; expr: string }[] {
  return dashboard().panels.flatMap(({ title, targets }) =>
    (targets ?? []).map(({ expr }) => ({ panel: title, expr: withoutVariables(expr) })),
  );
}

export interface Selector {
  name: string;
  /** Label and the values that it is compared with. */
  labels: { name: string; value: string }[];
}

/** The series of a PromQL expression: what begins like one of ours, Node's or Kubernetes'. */
export function selectorsOf(expr: string): Selector[] {
  const found = expr.matchAll(/\b((?:scani|http|process|nodejs|kube)_\w+)(?:\{([^}]*)\})?/g);
  return [...found].map(([, name = '', inside = '']) => ({
    name,
    labels: [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, label = '', value = '']) => ({
      name: label,
      value,
    })),
  }));
}
