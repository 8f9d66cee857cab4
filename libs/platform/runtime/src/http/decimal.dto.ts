import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { isDecimalText } from '@scani/money';
import { ValidateBy } from 'class-validator';

const DIGITS_BEFORE = 30;
const DIGITS_AFTER = 24;

/** A field that holds an exact decimal as a string: at most 30 digits before and 24 after the point. */
export function ApiDecimal(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ ...options, type: String, format: 'decimal', example: '12.5' } as ApiPropertyOptions),
  );
}

/** Refuses what is not plain decimal notation, or does not fit what the ledger stores. */
export function IsDecimalText(bounds: { above?: 'zero' } = {}): PropertyDecorator {
  return ValidateBy({
    name: 'isDecimalText',
    validator: {
      validate: (value: unknown) => fits(value) && (bounds.above !== 'zero' || !/^-|^0*(\.0*)?$/.test(value)),
      defaultMessage: () =>
        bounds.above === 'zero'
          ? `must be a decimal above zero, written like "1234.56", with up to ${DIGITS_AFTER} decimals`
          : `must be a decimal in a string, written like "1234.56", with up to ${DIGITS_BEFORE} digits and ${DIGITS_AFTER} decimals`,
    },
  });
}

function fits(value: unknown): value is string {
  if (typeof value !== 'string' || !isDecimalText(value)) return false;
  const [whole = '', part = ''] = value.replace('-', '').split('.');
  return whole.length <= DIGITS_BEFORE && part.length <= DIGITS_AFTER;
}
