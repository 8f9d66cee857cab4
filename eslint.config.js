import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** An import that points up the shelves is a failing check; see docs/decisions/0001-shelves.md. */
const feature = (name, below) => ({
  sourceTag: `feature:${name}`,
  onlyDependOnLibsWithTags: ['shelf:core', 'shelf:platform', ...below.map((b) => `feature:${b}`)],
});

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', '.nx', '.scani', 'apps/console/**', 'tools/**', '**/*.js', '**/*.mjs'] },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allowCircularSelfDependency: true,
          depConstraints: [
            {
              sourceTag: 'shelf:core',
              onlyDependOnLibsWithTags: ['shelf:core'],
              bannedExternalImports: ['@nestjs/*', 'typeorm', 'pg', 'ioredis', 'bullmq'],
            },
            {
              sourceTag: 'shelf:providers',
              onlyDependOnLibsWithTags: ['shelf:core', 'shelf:providers'],
              bannedExternalImports: ['@nestjs/*', 'typeorm', 'pg'],
            },
            { sourceTag: 'shelf:platform', onlyDependOnLibsWithTags: ['shelf:core', 'shelf:platform'] },
            feature('identity', []),
            feature('market', ['identity']),
            feature('ledger', ['identity', 'market']),
            feature('portfolio', ['identity', 'market', 'ledger']),
            feature('imports', ['identity', 'market', 'ledger']),
            feature('integrations', ['identity', 'market', 'ledger']),
            feature('operations', ['identity', 'market', 'ledger', 'portfolio', 'imports', 'integrations']),
            {
              sourceTag: 'shelf:app',
              onlyDependOnLibsWithTags: ['shelf:core', 'shelf:providers', 'shelf:platform', 'shelf:features'],
            },
          ],
        },
      ],
    },
  },
);
