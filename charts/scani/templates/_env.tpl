{{/* Conditions that files/env.yaml names. */}}
{{- define "scani.facts" -}}
{{- $s3 := ne .Values.storage.s3.endpoint "" -}}
s3: {{ $s3 }}
s3Static: {{ and $s3 (eq .Values.storage.s3.auth "static") }}
smtp: {{ and (ne .Values.mail.from "") (eq .Values.mail.by "smtp") }}
fastmail: {{ eq .Values.mail.by "fastmail" }}
cloudManagement: {{ .Values.cloudManagement.enabled }}
traces: {{ ne .Values.traces.endpoint "" }}
transactionPooler: {{ and (eq .Values.database.pooler "transaction") (ne (include "scani.migrates" .) "") }}
{{- end }}

{{/* What files/env.yaml calls `value`; an empty one is not set. (list $ "api") */}}
{{- define "scani.envValues" -}}
{{- $root := index . 0 -}}
{{- $component := include "scani.component" . | fromYaml -}}
{{- $s3 := $root.Values.storage.s3 -}}
PORT: {{ $component.port | toString | quote }}
METRICS_PORT: {{ ternary (include "scani.metricsPort" $root) "0" $root.Values.metrics.enabled | quote }}
LOG_LEVEL: {{ $root.Values.logLevel | quote }}
POSTGRES_POOL_MAX: {{ include "scani.poolMax" $root | quote }}
FRONTEND_URL: {{ include "scani.frontendUrl" $root | quote }}
SIGN_UP: {{ $root.Values.signUp | quote }}
CLOUD_MANAGEMENT_ENABLED: {{ $root.Values.cloudManagement.enabled | toString | quote }}
SCANI_CLOUD_URL: {{ include "scani.cloudUrl" $root | quote }}
S3_ENDPOINT: {{ $s3.endpoint | quote }}
S3_PUBLIC_ENDPOINT: {{ $s3.publicEndpoint | quote }}
S3_BUCKET: {{ $s3.bucket | quote }}
S3_REGION: {{ $s3.region | quote }}
WORKER_CONCURRENCY: {{ $root.Values.worker.concurrency | toString | quote }}
WORKER_DRAIN_SECONDS: {{ $root.Values.worker.drainSeconds | toString | quote }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ $root.Values.traces.endpoint | quote }}
SMTP_FROM: {{ $root.Values.mail.from | quote }}
SCANI_IMAGE_TAG: {{ include "scani.tag" (list $root $component.values) | quote }}
{{- end }}

{{- define "scani.cloudUrl" -}}
{{- if eq .Values.tier.mode "hosted" -}}
{{- .Values.tier.cloudUrl -}}
{{- else -}}
http://{{ include "scani.componentName" (list . "data-provider") }}:8082
{{- end -}}
{{- end }}

{{/* The variables of a process by the table in files/env.yaml; "" where there are none. (list $ "api") */}}
{{- define "scani.env" -}}
{{- $root := index . 0 -}}
{{- $process := index . 1 -}}
{{- $facts := include "scani.facts" $root | fromYaml -}}
{{- $values := dict -}}
{{- $settings := dict -}}
{{- if ne $process "migrate" -}}
{{- $values = include "scani.envValues" . | fromYaml -}}
{{- $settings = (index $root.Values (include "scani.component" . | fromYaml).values).settings | default dict -}}
{{- end -}}
{{- range $root.Files.Get "files/env.yaml" | fromYamlArray }}
{{- if and (has $process .in) (or (not .when) (index $facts (.when | default ""))) }}
{{- if .secret }}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      {{- include "scani.secretSource" (list $root $process .name) | nindent 6 }}
      {{- if and (eq .secret "optional") (not (index $facts (.requiredWhen | default ""))) }}
      optional: true
      {{- end }}
{{- else if .value }}
{{- if not (hasKey $values .name) }}{{ fail (printf "files/env.yaml has %s, but scani.envValues does not" .name) }}{{ end }}
{{- if index $values .name }}
- name: {{ .name }}
  value: {{ index $values .name | quote }}
{{- end }}
{{- else if .setting }}
{{- if hasKey $settings .name }}
- name: {{ .name }}
  value: {{ index $settings .name | toString | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if $root.Values.tls.caBundle.configMap | or $root.Values.tls.caBundle.secret }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/scani/ca/ca.crt
{{- end }}
{{- end }}
