{{/*
What the Deployments are. `values` is their key in values.yaml, `drainSeconds` how long it may go on with what it is doing
after SIGTERM (EXIT_MS of libs/platform/runtime/src/http/drain.ts; worker_shutdown_timeout of apps/console/nginx/nginx.conf).
*/}}
{{- define "scani.components" -}}
api:
  values: api
  port: 3001
  drainSeconds: 40
  metrics: true
worker:
  values: worker
  port: 3002
  drainSeconds: {{ .Values.worker.drainSeconds }}
  metrics: true
{{- if include "scani.runsDataProvider" . }}
data-provider:
  values: dataProvider
  port: 8082
  drainSeconds: 40
  metrics: true
{{- end }}
console:
  values: console
  port: 8080
  drainSeconds: 25
  metrics: false
{{- end }}

{{/* (list $ "api"): that part, with its name and the values of the component */}}
{{- define "scani.component" -}}
{{- $one := index (include "scani.components" (index . 0) | fromYaml) (index . 1) -}}
{{- $_ := set $one "name" (index . 1) -}}
{{- toYaml $one -}}
{{- end }}

{{- define "scani.runsDataProvider" -}}
{{- if or (eq .Values.tier.mode "self-hosted") .Values.dataProvider.keepWarm -}}true{{- end -}}
{{- end }}

{{/* Not empty where a scaler sets the number of pods: values of a component */}}
{{- define "scani.scaled" -}}
{{- if or (.autoscaling | default dict).enabled (.keda | default dict).enabled -}}true{{- end -}}
{{- end }}

{{/* The most pods that a component may have: values of a component */}}
{{- define "scani.mostPods" -}}
{{- if (.keda | default dict).enabled -}}{{ .keda.maxReplicas }}
{{- else if (.autoscaling | default dict).enabled -}}{{ .autoscaling.maxReplicas }}
{{- else -}}{{ .replicas }}
{{- end -}}
{{- end }}

{{/* The fewest pods that a component may have: values of a component */}}
{{- define "scani.fewestPods" -}}
{{- if (.keda | default dict).enabled -}}{{ .keda.minReplicas }}
{{- else if (.autoscaling | default dict).enabled -}}{{ .autoscaling.minReplicas }}
{{- else -}}{{ .replicas }}
{{- end -}}
{{- end }}

{{- define "scani.metricsPort" -}}9464{{- end }}

{{- define "scani.frontendUrl" -}}
{{- if .Values.urls.frontend -}}
{{- .Values.urls.frontend -}}
{{- else if and .Values.ingress.enabled .Values.ingress.host -}}
https://{{ .Values.ingress.host }}
{{- else if and .Values.httpRoute.enabled .Values.httpRoute.hostnames -}}
https://{{ first .Values.httpRoute.hostnames }}
{{- end -}}
{{- end }}

{{- define "scani.poolMax" -}}
{{- .Values.database.poolMax | default (eq .Values.database.pooler "none" | ternary 20 5) -}}
{{- end }}

{{/* Connections to Postgres at the worst moment: every pod, one more of each while it rolls, and the migrations. */}}
{{- define "scani.connections" -}}
{{- $pods := add (include "scani.mostPods" .Values.api | int) 1 (include "scani.mostPods" .Values.worker | int) 1 -}}
{{- if .Values.cloudManagement.enabled }}{{ $pods = add $pods (include "scani.mostPods" .Values.dataProvider | int) 1 }}{{ end -}}
{{- add (mul $pods (include "scani.poolMax" . | int)) 2 -}}
{{- end }}
