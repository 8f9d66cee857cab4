import { choice, type Field, fragment, optional, text, url } from '../env/env.js';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** A number from 0 to 1. */
function share(inner: Field<string>): Field<number> {
  return {
    ...inner,
    parse(value) {
      const parsed = Number(value);
      if (!(parsed >= 0 && parsed <= 1)) throw new Error(`must be a number from 0 to 1, is ${JSON.stringify(value)}`);
      return parsed;
    },
  };
}

/** `name=value,name=value`, with %XX where needed, as the OTLP exporter's specification has it. */
function headers(inner: Field<string>): Field<Readonly<Record<string, string>>> {
  return {
    ...inner,
    parse(value) {
      const pairs = value.split(',').map((pair) => /^\s*([^=\s]+)\s*=(.*)$/.exec(pair)?.slice(1) ?? []);
      if (pairs.some(([name]) => name === undefined)) throw new Error('must be name=value pairs with commas between');
      return Object.fromEntries(pairs.map(([name = '', text = '']) => [name, decodeURIComponent(text.trim())]));
    },
  };
}

/**
 * The variables of OpenTelemetry that are known here, with their standard meaning
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/, .../protocol/exporter/).
 */
export const traceEnv = fragment('traces', {
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    url({
      description: 'Where traces are sent, by OTLP as http/protobuf; without it there are none.',
      example: 'http://otel-collector:4318',
    }),
  ),
  OTEL_EXPORTER_OTLP_HEADERS: optional(
    headers(
      text({
        description: 'Headers for that address: name=value,name=value.',
        secret: true,
        example: 'authorization=Bearer%20abc',
      }),
    ),
  ),
  OTEL_TRACES_SAMPLER: choice(SAMPLERS, {
    description: 'Which traces are kept; parentbased: what whoever asks has decided for a trace goes.',
    default: 'parentbased_always_on',
  }),
  OTEL_TRACES_SAMPLER_ARG: share(
    text({ description: 'The share of traces that samplers with "ratio" keep, from 0 to 1.', default: '1' }),
  ),
  OTEL_SERVICE_NAME: optional(
    text({ description: 'The name of this process in traces; scani-<component> unless set.', example: 'scani-api' }),
  ),
});
