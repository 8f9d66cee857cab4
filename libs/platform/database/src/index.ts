export * from './connection.js';
export * from './data-source.js';
export * from './database.module.js';
export * from './migrate/migrate.js';
export { REQUIRED_SCHEMA } from './migrations/index.js';
export * from './schema.gate.js';
export * from './sql.js';
