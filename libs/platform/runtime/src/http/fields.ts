import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';

interface About {
  nullable?: boolean;
  required?: boolean;
  description?: string;
}

/*
 * How a field of an answer or a request is documented. Written out, because the compiler's metadata says `Object` for
 * everything that may be null.
 */
const field = (about: About, shape: object): PropertyDecorator =>
  ApiProperty({ ...about, ...shape } as ApiPropertyOptions);

export const ApiText = (
  about: About & { maxLength?: number; minLength?: number; format?: string } = {},
): PropertyDecorator => field(about, { type: String });
export const ApiId = (about: About = {}): PropertyDecorator => field(about, { type: String, format: 'uuid' });
export const ApiInstant = (about: About = {}): PropertyDecorator => field(about, { type: String, format: 'date-time' });
export const ApiDay = (about: About = {}): PropertyDecorator => field(about, { type: String, format: 'date' });
export const ApiInteger = (about: About = {}): PropertyDecorator => field(about, { type: 'integer' });
export const ApiFlag = (about: About = {}): PropertyDecorator => field(about, { type: Boolean });
export const ApiWord = (name: string, words: readonly string[], about: About = {}): PropertyDecorator =>
  field(about, { enum: words, enumName: name });
// Swagger knows a lazy type by the name `type` of its function.
export const ApiPart = (part: () => Function, about: About = {}): PropertyDecorator =>
  field(about, { type: () => part() });
export const ApiList = (item: () => unknown, about: About = {}): PropertyDecorator =>
  field(about, { type: () => item(), isArray: true });
