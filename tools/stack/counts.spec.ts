import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { playwrightCounts, sum, vitestCounts } from './counts.ts';

const report = (content: unknown) => {
  const file = join(mkdtempSync(join(tmpdir(), 'scani-counts-')), 'report.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
};

describe('the last line of npm test', () => {
  it('counts a file that could not be loaded as a failure', () => {
    const file = report({
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 0,
      testResults: [
        { status: 'failed', assertionResults: [] },
        { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
      ],
    });
    expect(vitestCounts(file)).toEqual({ passed: 3, failed: 2, skipped: 1 });
  });

  it('counts a flaky test as failed', () => {
    const file = report({ stats: { expected: 4, unexpected: 1, flaky: 2, skipped: 0 }, errors: [] });
    expect(playwrightCounts(file)).toEqual({ passed: 4, failed: 3, skipped: 0 });
  });

  it('does not take a missing report for success', () => {
    expect(vitestCounts('/nowhere/report.json')).toBeNull();
    expect(playwrightCounts('/nowhere/report.json')).toBeNull();
  });

  it('sums over the runners', () => {
    const all = [
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 5, failed: 1, skipped: 0 },
    ];
    expect(sum(all)).toEqual({ passed: 6, failed: 1, skipped: 2 });
  });
});
