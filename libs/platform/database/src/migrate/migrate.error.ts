/** Why no migration was applied (any more). The names stand for exit codes of `scani migrate`. */
export class MigrationRefused extends Error {
  constructor(
    readonly reason: 'live-instance' | 'ahead' | 'lock-timeout' | 'pooled',
    message: string,
  ) {
    super(message);
    this.name = 'MigrationRefused';
  }
}
