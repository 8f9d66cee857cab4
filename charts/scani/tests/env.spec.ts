import { databaseEnv, migrationEnv } from '@scani/database';
import { expect, test } from 'vitest';
import { apiEnv } from '../../../apps/api/src/env.js';
import { dataProviderEnv } from '../../../apps/data-provider/src/env.js';
import { workerProcessEnv } from '../../../apps/worker/src/env.js';
import { envTable, type Process, processes } from '../../../tools/chart/table.ts';
import { describeChart, envOf, podOf, podsOf, render, shapes } from './chart.ts';

interface Schema {
  fields: Record<string, { secret: boolean; required: boolean }>;
}

const schemas: Record<Process, readonly Schema[]> = {
  api: apiEnv,
  worker: workerProcessEnv,
  'data-provider': dataProviderEnv,
  migrate: [databaseEnv, migrationEnv],
};

const fieldsOf = (process: Process) =>
  Object.assign({}, ...schemas[process].map(({ fields }) => fields)) as Schema['fields'];
const rowsOf = (process: Process) => envTable().filter((row) => row.in.includes(process));

test.each(processes)('the table of variables has what the %s reads, and nothing else', (process) => {
  const rows = rowsOf(process).map((row) => row.name);
  expect(new Set(rows).size, 'a variable is there twice').toBe(rows.length);
  expect(rows.toSorted()).toEqual(Object.keys(fieldsOf(process)).sort());
});

test.each(processes)(
  'what is a secret to the %s comes from a Secret, and what it must have is never left out',
  (process) => {
    const fields = fieldsOf(process);
    for (const row of rowsOf(process)) {
      const field = fields[row.name];
      if (!row.notSet) expect([row.name, row.secret !== undefined]).toEqual([row.name, field?.secret]);
      if (field?.required) expect([row.name, row.secret, row.when]).toEqual([row.name, 'required', undefined]);
      expect([row.name, [row.secret, row.value, row.setting, row.notSet].filter(Boolean).length]).toEqual([
        row.name,
        1,
      ]);
    }
  },
);

describeChart('variables of pods', () => {
  test.each(shapes)('%s: every variable is one that the process reads', (shape) => {
    const own = new Set(['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS']);
    for (const process of processes) {
      const pod = podsOf(render({ shape })).find(({ component }) => component === process);
      if (!pod) continue;
      const names = envOf(pod).map(({ name }) => name);
      expect(names.filter((name) => !own.has(name) && !(name in fieldsOf(process)))).toEqual([]);
      expect(new Set(names).size, `${pod.owner} has a variable twice`).toBe(names.length);
    }
  });

  test('with everything switched on each variable of the table reaches its process', () => {
    const settings = (process: Process) =>
      Object.fromEntries(rowsOf(process).flatMap((row) => (row.setting ? [[row.name, '1']] : [])));
    const set = {
      'storage.s3.endpoint': 'https://s3.example.com',
      'storage.s3.publicEndpoint': 'https://files.example.com',
      'traces.endpoint': 'http://otel:4318',
      'cloudManagement.enabled': true,
      'mail.from': 'scani@example.com',
      'api.settings': settings('api'),
      'worker.settings': settings('worker'),
      'dataProvider.settings': settings('data-provider'),
    };
    const objects = render({ shape: 'minimal', set });
    for (const process of processes) {
      const wanted = rowsOf(process).flatMap((row) => (row.notSet ? [] : [row.name]));
      const got = envOf(podOf(objects, process)).map(({ name }) => name);
      expect(got.toSorted()).toEqual(wanted.sort());
    }
  });
});
