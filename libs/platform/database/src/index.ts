export * from './connection.js';
export * from './data-source.js';
export * from './database.module.js';
export * from './migrate/migrate.error.js';
export * from './migrate/migrate.js';
export * from './migrate/schema.status.js';
export { REQUIRED_SCHEMA } from './migrations/index.js';
export * from './schema.gate.js';
export * from './sql.js';
