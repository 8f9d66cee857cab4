import { type ValidationError, ValidationPipe } from '@nestjs/common';
import { type FieldProblem, Invalid } from './refusals.js';

/** Checks bodies and queries against their classes: unknown fields are refused, each bad field is named by its JSON pointer. */
export function bodyPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => {
      const problems = flatten(errors, '');
      const first = problems[0];
      return new Invalid(
        'bad-input',
        first ? `${first.pointer.slice(1)}: ${first.detail}` : 'The request is not valid.',
        problems,
      );
    },
  });
}

function flatten(errors: readonly ValidationError[], path: string): FieldProblem[] {
  return errors.flatMap((error) => {
    const pointer = `${path}/${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((detail) => ({ pointer, detail }));
    return [...own, ...flatten(error.children ?? [], pointer)];
  });
}
