import { type Decimal, decimal, decimalText } from '@scani/money';
import { Column, type ColumnOptions } from 'typeorm';

const transformer = {
  to: (value: Decimal | null | undefined) => (value === null || value === undefined ? value : decimalText(value)),
  from: (value: string | null) => (value === null ? null : decimal(value)),
};

/** `numeric` in Postgres, Decimal in the code, never a JavaScript number on the way. */
export function DecimalColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column({ ...options, type: 'numeric', transformer });
}
