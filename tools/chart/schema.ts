import { type Process, secretNames, settingNames } from './table.ts';
import { documentedValues } from './values.ts';

export type Schema = { [key: string]: unknown };

const text: Schema = { type: 'string' };
const filled: Schema = { type: 'string', minLength: 1 };
const flag: Schema = { type: 'boolean' };
const count = (minimum = 0): Schema => ({ type: 'integer', minimum });
const maybe = (schema: Schema): Schema => ({ ...schema, type: [schema['type'], 'null'] });
const choice = (...words: string[]): Schema => ({ type: 'string', enum: words });
const pattern = (pattern: string): Schema => ({ type: 'string', pattern });
const list = (items: Schema): Schema => ({ type: 'array', items });
const map = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
/** What Kubernetes itself defines and checks. */
const foreign: Schema = { type: 'object' };
const closed = (properties: Record<string, Schema>): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
});
const needing = (schema: Schema, ...required: string[]): Schema => ({ ...schema, required });
const strings = map(text);
const peers = list(foreign);
/** Known, so that templates/validate.yaml says what to do instead. */
const refused: Schema = {};

const name = pattern('^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$');
const url = pattern('^$|^https?://[^\\s]+$');
const tag = pattern('^$|^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$');
const digest = pattern('^$|^sha256:[a-f0-9]{64}$');
const duration = pattern('^[0-9]+(ms|s|m|h)$');
const port: Schema = { type: 'integer', minimum: 1, maximum: 65_535 };
const resources = closed({ requests: map(quantity()), limits: map(quantity()), claims: list(foreign) });

function quantity(): Schema {
  return { type: ['string', 'number'] };
}

const probe = closed({
  initialDelaySeconds: count(),
  periodSeconds: count(1),
  timeoutSeconds: count(1),
  failureThreshold: count(1),
  successThreshold: count(1),
});

const autoscaling = closed({
  enabled: flag,
  minReplicas: count(1),
  maxReplicas: count(1),
  cpu: { type: 'integer', minimum: 1, maximum: 1000 },
});

const place: Schema = {
  oneOf: [
    needing(closed({ cidr: pattern('^[0-9a-fA-F.:]+/[0-9]{1,3}$'), port }), 'cidr', 'port'),
    needing(closed({ namespaceSelector: foreign, podSelector: foreign, port }), 'port'),
  ],
};

const pods: Record<string, Schema> = {
  replicas: count(0),
  image: closed({ tag }),
  resources,
  pdb: closed({
    enabled: flag,
    maxUnavailable: { type: ['integer', 'string', 'null'] },
    minAvailable: { type: ['integer', 'string', 'null'] },
  }),
  serviceAccount: closed({ annotations: strings }),
  probes: closed({ startup: probe, liveness: probe, readiness: probe }),
  extraEnv: list(foreign),
  extraEnvFrom: list(foreign),
  extraVolumes: list(foreign),
  extraVolumeMounts: list(foreign),
  podAnnotations: strings,
  podLabels: strings,
  nodeSelector: strings,
  tolerations: list(foreign),
  affinity: foreign,
  topologySpreadConstraints: maybe(list(foreign)),
  priorityClassName: text,
};

const settings = (process: Process): Schema =>
  closed(Object.fromEntries(settingNames(process).map((one) => [one, { type: ['string', 'integer', 'boolean'] }])));

const answering: Record<string, Schema> = {
  service: closed({ annotations: strings }),
  terminationGracePeriodSeconds: count(1),
  preStopSleepSeconds: count(0),
};

const forSecrets = (schema: Schema): Schema =>
  closed(Object.fromEntries(secretNames().map((secret) => [secret, schema])));

/** The whole of values.schema.json; descriptions come from the comments in values.yaml. */
export function valuesSchema(): Schema {
  const schema = closed({
    global: { type: 'object', description: 'Set by Helm where this chart is a dependency; not used.' },
    nameOverride: { ...name, maxLength: 63 },
    fullnameOverride: name,
    commonLabels: strings,
    commonAnnotations: strings,
    clusterDomain: filled,
    image: closed({
      registry: text,
      repositoryPrefix: text,
      tag,
      pullPolicy: choice('Always', 'IfNotPresent', 'Never'),
      pullSecrets: list(filled),
      allowTagSkew: flag,
      digests: closed({ api: digest, worker: digest, dataProvider: digest, console: digest, migrate: digest }),
    }),
    tier: closed({ mode: choice('self-hosted', 'hosted'), cloudUrl: url }),
    urls: closed({ frontend: url, backend: refused, cookieDomain: refused }),
    signUp: choice('open', 'invite', 'closed'),
    logLevel: choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    secrets: closed({
      mode: choice('existing', 'externalSecret', 'inline'),
      existingSecret: text,
      keys: forSecrets(filled),
      refs: forSecrets(needing(closed({ name: filled, key: filled }), 'name', 'key')),
      inline: forSecrets(text),
      externalSecret: closed({
        storeRef: closed({ name: text, kind: choice('ClusterSecretStore', 'SecretStore') }),
        remoteKey: text,
        optionalKeys: list(choice(...secretNames())),
        dataFrom: list(foreign),
        refreshInterval: duration,
        deletionPolicy: choice('Retain', 'Delete', 'Merge'),
      }),
      rolloutToken: text,
    }),
    database: closed({
      pooler: choice('none', 'transaction', 'session'),
      poolMax: { type: ['integer', 'null'], minimum: 1, maximum: 500 },
      maxConnections: maybe(count(1)),
      caSecret: closed({ name: text, key: filled }),
    }),
    storage: closed({
      s3: closed({
        endpoint: url,
        publicEndpoint: url,
        bucket: text,
        region: filled,
        auth: choice('static', 'workloadIdentity'),
      }),
    }),
    mail: closed({ by: choice('smtp', 'fastmail'), from: text }),
    traces: closed({ endpoint: url }),
    cloudManagement: closed({ enabled: flag }),
    tls: closed({ caBundle: closed({ configMap: text, secret: text, key: filled }) }),
    migrations: closed({
      enabled: flag,
      mode: choice('hook', 'job', 'external'),
      argocd: closed({ syncWaves: flag }),
      image: closed({ tag }),
      backoffLimit: count(),
      activeDeadlineSeconds: count(60),
      lockTimeout: pattern('^[0-9]+(ms|s)$'),
      serviceAccount: closed({ create: flag, name: text, annotations: strings }),
      podAnnotations: strings,
      podLabels: strings,
      extraEnv: list(foreign),
      resources,
    }),
    serviceAccount: closed({ create: flag, perComponent: flag, name: text, annotations: strings }),
    securityContext: closed({ preset: choice('restricted', 'openshift'), hostUsers: maybe(flag) }),
    api: closed({ ...pods, ...answering, autoscaling, settings: settings('api') }),
    worker: closed({
      ...pods,
      autoscaling,
      settings: settings('worker'),
      concurrency: { type: 'integer', minimum: 1, maximum: 64 },
      drainSeconds: { type: 'integer', minimum: 1, maximum: 86_400 },
      terminationGracePeriodSeconds: maybe(count(1)),
      keda: closed({
        enabled: flag,
        minReplicas: count(1),
        maxReplicas: count(1),
        targetBacklogPerReplica: count(1),
        pollingInterval: count(1),
        cooldownPeriod: { type: 'integer', minimum: 0, maximum: 3600 },
      }),
    }),
    dataProvider: closed({ ...pods, ...answering, settings: settings('data-provider'), keepWarm: flag }),
    console: closed({ ...pods, ...answering, autoscaling, proxyApi: flag, resolver: filled, cspConnectSrc: text }),
    ingress: closed({
      enabled: flag,
      className: text,
      annotations: strings,
      host: text,
      tls: list(closed({ hosts: list(filled), secretName: text })),
      eventsAnnotations: strings,
    }),
    httpRoute: closed({
      enabled: flag,
      parentRefs: list(foreign),
      hostnames: list(filled),
      annotations: strings,
      timeouts: closed({ request: duration, backendRequest: duration }),
    }),
    networkPolicy: closed({
      enabled: flag,
      ingressFrom: closed({ gateway: peers, monitoring: peers, keda: peers }),
      egress: closed({
        dnsPorts: list(port),
        postgres: list(place),
        redis: list(place),
        s3: list(place),
        smtp: list(place),
        traces: list(place),
        cloudMetadata: choice('none', 'aws-pod-identity', 'gke'),
        internet: flag,
        extra: list(foreign),
      }),
    }),
    metrics: closed({
      enabled: flag,
      serviceMonitor: closed({ enabled: flag, labels: strings, interval: duration }),
      rules: closed({ enabled: flag, labels: strings, runbookBaseUrl: url }),
      dashboards: closed({ enabled: flag, label: filled, labelValue: text, annotations: strings }),
    }),
    tests: closed({ enabled: flag, resources }),
    extraObjects: list({ type: ['object', 'string'] }),
    postgresql: refused,
    redis: refused,
    minio: refused,
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the Scani chart',
    ...described(schema),
  };
}

/** Every property gets the sentence that values.yaml has for it. A schema that is shared is copied first. */
function described(schema: Schema): Schema {
  const whole = structuredClone(schema);
  for (const { path, description } of documentedValues()) {
    let at: Schema | undefined = whole;
    for (const key of path.split('.')) at = (at?.['properties'] as Record<string, Schema> | undefined)?.[key];
    if (!at) throw new Error(`values.yaml documents ${path}, which the schema does not have`);
    at['description'] = description;
  }
  return whole;
}
