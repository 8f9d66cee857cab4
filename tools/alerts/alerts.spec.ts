import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../stack/places.ts';
import { run } from '../stack/processes.ts';
import { alerts, dashboard, questions, RULES, RUNBOOKS, runbooks } from './promql.ts';
import { type PrometheusPrograms, prometheusPrograms } from './prometheus.ts';

const PATIENCE_MS = 120_000;
const runbookOf = (url: string): string => join(RUNBOOKS, basename(url));

test('every alert says how bad it is, what is the matter and where to read on', () => {
  const names = alerts().map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(15);
  for (const { alert, labels, annotations } of alerts()) {
    expect(alert).toMatch(/^Scani[A-Z]/);
    expect(['critical', 'warning'], alert).toContain(labels['severity']);
    expect(annotations['summary'], alert).toMatch(/\.$/);
    expect(annotations['description'], alert).toMatch(/\.$/);
    expect(annotations['runbook_url'], alert).toMatch(/^RUNBOOKS\/[a-z-]+\.md$/);
  }
});

test.each(alerts().map((one) => [one.alert, one] as const))(
  '%s has a runbook that can be worked through',
  (name, one) => {
    const file = runbookOf(one.annotations['runbook_url'] ?? '');
    expect(existsSync(file), file).toBe(true);
    const page = readFileSync(file, 'utf8');
    expect(page).toContain(`\`${name}\``);
    for (const part of ['**Means:**', '**Hurt:**', '## Look', '## Mend', '## Mended when'])
      expect(page).toContain(part);
    expect(readFileSync(join(RUNBOOKS, 'README.md'), 'utf8')).toContain(name);
  },
);

test('links between runbooks lead somewhere', () => {
  for (const { page: name, text } of runbooks()) {
    for (const [, target = '', anchor] of text.matchAll(/\]\(([\w./-]+\.md)(?:#([\w-]+))?\)/g)) {
      const file = join(RUNBOOKS, target);
      expect(existsSync(file), `${name}: ${target}`).toBe(true);
      const anchors = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      if (anchor) expect(anchors, `${name}: ${target}#${anchor}`).toContain(anchor);
    }
  }
});

test('variables that runbooks name are there', () => {
  const there = readFileSync(join(root, '.env.example'), 'utf8');
  // Node's own, and the rule for files.
  const others = /^(NODE_EXTRA_CA_CERTS|.*_FILE)$/;
  for (const { page, text } of runbooks()) {
    for (const word of text.match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]\b/g) ?? []) {
      if (!others.test(word)) expect(there, `${page}: ${word}`).toMatch(new RegExp(`^(# )?${word}=`, 'm'));
    }
  }
});

test('the dashboard has a source that can be chosen, and no panel lies on another', () => {
  const { templating, panels, schemaVersion, uid } = dashboard();
  expect({ uid, schemaVersion }).toEqual({ uid: 'scani', schemaVersion: 41 });
  expect(templating.list.map(({ name, type }) => [name, type])).toEqual([
    ['datasource', 'datasource'],
    ['namespace', 'query'],
  ]);
  const taken = new Set<string>();
  for (const { gridPos, title, type, datasource, targets } of panels) {
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(taken.has(`${x} ${y}`), title).toBe(false);
        taken.add(`${x} ${y}`);
      }
    }
    if (type === 'row') continue;
    expect(datasource?.uid, title).toBe('${datasource}');
    expect(targets?.length, title).toBeGreaterThan(0);
  }
});

const programs: PrometheusPrograms | null = await prometheusPrograms();
const why = programs ? '' : ' (skipped: there is no promtool, and no apt to fetch it with)';

let work: string;
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'scani-alerts-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function promtool(...args: string[]): Promise<void> {
  const { code, output } = await run(programs?.promtool ?? '', args);
  expect(code, output).toBe(0);
}

test.skipIf(!programs)(`promtool takes the rules${why}`, () => promtool('check', 'rules', RULES), PATIENCE_MS);

test.skipIf(!programs)(
  `each alert fires when it must, and not before${why}`,
  async () => {
    const cases = join(import.meta.dirname, 'scani.test.yaml');
    await promtool('test', 'rules', cases);
    const tested = readFileSync(cases, 'utf8');
    for (const { alert } of alerts()) expect(tested, alert).toContain(alert);
  },
  PATIENCE_MS,
);

test.skipIf(!programs)(
  `Prometheus understands what the dashboard asks${why}`,
  async () => {
    const rules = questions().map(({ expr }, index) => ({ record: `dashboard:question_${index}`, expr }));
    expect(rules.length).toBeGreaterThan(25);
    const file = join(work, 'dashboard.yaml');
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules }] }));
    await promtool('check', 'rules', file);
  },
  PATIENCE_MS,
);
