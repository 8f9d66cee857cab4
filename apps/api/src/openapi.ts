import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { VERSION } from './version.js';

/** The OpenAPI 3.1 document of all routes; the console's client is generated from it. */
export function documentOf(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Scani')
    .setDescription(
      'Everything you own and owe. Amounts are decimals in strings. Errors are problem+json (RFC 9457). ' +
        'POST requests may carry an Idempotency-Key; repeats get the first answer.',
    )
    .setVersion(VERSION)
    .setOpenAPIVersion('3.1.0')
    .addCookieAuth('scani_session')
    .addSecurityRequirements('cookie')
    .build();
  const document = SwaggerModule.createDocument(app, about, { operationIdFactory: (_controller, method) => method });
  return withTypeNull(document) as OpenAPIObject;
}

/** Nest writes OpenAPI 3.0's `nullable`; 3.1 says it with the type `null`. */
function withTypeNull(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withTypeNull);
  if (node === null || typeof node !== 'object') return node;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withTypeNull(value)]),
  ) as Record<string, unknown>;
  if (nullable !== true) return rest;
  if (typeof rest['type'] === 'string') return { ...rest, type: [rest['type'], 'null'] };
  const { description, allOf, $ref, ...others } = rest;
  const one = Array.isArray(allOf) && allOf.length === 1 ? (allOf[0] as object) : $ref ? { $ref } : others;
  return { ...(description ? { description } : {}), oneOf: [one, { type: 'null' }] };
}
