/**
 * SQL for a row of `transaction` that counts: neither taken back nor the row that takes another back. Sums over all rows
 * need it not, since a row and its reversal have one instant and cancel each other out.
 */
export const EFFECTIVE_TRANSACTION = `(transaction.reverses_id is null and not exists (
  select 1 from transaction as reversal where reversal.reverses_id = transaction.id))`;

/** SQL for a row of `observation` that counts: neither retracted nor the row that retracts another. */
export const EFFECTIVE_OBSERVATION = `(observation.retracts_id is null and not exists (
  select 1 from observation as retraction where retraction.retracts_id = observation.id))`;

/** The same as it was known at an instant: SQL that names a parameter of type timestamptz; null means now. */
export const transactionKnownAt = (parameter: string): string => `(transaction.reverses_id is null
  and transaction.recorded_at <= coalesce(${parameter}::timestamptz, 'infinity') and not exists (
    select 1 from transaction as reversal where reversal.reverses_id = transaction.id
      and reversal.recorded_at <= coalesce(${parameter}::timestamptz, 'infinity')))`;

/** See transactionKnownAt. */
export const observationKnownAt = (parameter: string): string => `(observation.retracts_id is null
  and observation.recorded_at <= coalesce(${parameter}::timestamptz, 'infinity') and not exists (
    select 1 from observation as retraction where retraction.retracts_id = observation.id
      and retraction.recorded_at <= coalesce(${parameter}::timestamptz, 'infinity')))`;
