import { defineConfig } from 'vitest/config';

const conditions = ['@scani/source'];

/** `.spec.ts` is pure; `.db.spec.ts` and apps/api/test need the servers that `npm test` starts; charts need helm. */
export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node', 'module-sync', 'import', 'default'] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['{libs,apps,tools}/**/*.spec.ts'],
          exclude: [
            '**/node_modules/**',
            '**/dist/**',
            '**/*.db.spec.ts',
            'apps/console/**',
            'apps/api/test/**',
            'apps/e2e/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'chart',
          include: ['charts/**/*.spec.ts'],
          maxWorkers: 2,
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: ['{libs,apps,tools}/**/*.db.spec.ts', 'apps/api/test/**/*.e2e.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', 'apps/console/**'],
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
