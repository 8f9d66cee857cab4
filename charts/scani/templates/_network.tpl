{{/* A peer and port of the values (cidr or selectors), as an egress rule. */}}
{{- define "scani.egressTo" -}}
- to:
    {{- if .cidr }}
    - ipBlock:
        cidr: {{ .cidr }}
    {{- else }}
    {{- $peer := pick . "namespaceSelector" "podSelector" }}
    - {{- toYaml $peer | nindent 6 }}
    {{- end }}
  ports:
    - port: {{ .port }}
      protocol: TCP
{{- end }}

{{/* Listed places, or else some ports anywhere: (list places ports) */}}
{{- define "scani.egressPlaces" -}}
{{- if index . 0 }}
{{- range index . 0 }}
{{ include "scani.egressTo" . }}
{{- end }}
{{- else if index . 1 }}
{{ include "scani.egressPorts" (index . 1) }}
{{- end }}
{{- end }}

{{- define "scani.egressPorts" -}}
- ports:
    {{- range . }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end }}

{{- define "scani.egressDns" -}}
- ports:
    {{- range .Values.networkPolicy.egress.dnsPorts }}
    - port: {{ . }}
      protocol: UDP
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end }}

{{/* Public addresses alone: a price service must not lead into the cluster or to a machine's metadata. (list ports) */}}
{{- define "scani.egressInternet" -}}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except:
          - 10.0.0.0/8
          - 172.16.0.0/12
          - 192.168.0.0/16
          - 169.254.0.0/16
          - 100.64.0.0/10
          - 127.0.0.0/8
    - ipBlock:
        cidr: ::/0
        except:
          - fc00::/7
          - fe80::/10
          - ::1/128
  ports:
    {{- range . }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end }}

{{- define "scani.egressPod" -}}
- to:
    - podSelector:
        matchLabels:
          {{- include "scani.selectorLabels" (list (index . 0) (index . 1)) | nindent 10 }}
  ports:
    - port: {{ index . 2 }}
      protocol: TCP
{{- end }}

{{- define "scani.egressCloudMetadata" -}}
{{- $kind := .Values.networkPolicy.egress.cloudMetadata -}}
{{- if eq $kind "aws-pod-identity" }}
{{ include "scani.egressTo" (dict "cidr" "169.254.170.23/32" "port" 80) }}
{{- else if eq $kind "gke" }}
{{ include "scani.egressTo" (dict "cidr" "169.254.169.254/32" "port" 80) }}
{{ include "scani.egressTo" (dict "cidr" "169.254.169.252/32" "port" 988) }}
{{- end }}
{{- end }}

{{/* The port of a URL that names one, else nothing. */}}
{{- define "scani.explicitPort" -}}
{{- if . -}}
{{- regexFind ":[0-9]+$" (urlParse .).host | trimPrefix ":" -}}
{{- end -}}
{{- end }}

{{/* Api and worker: Postgres, Redis, object store, data-provider, and the banks and exchanges of people. (list $) */}}
{{- define "scani.egressOfApps" -}}
{{- $egress := .Values.networkPolicy.egress -}}
{{ include "scani.egressDns" . }}
{{- include "scani.egressPlaces" (list $egress.postgres (list 5432)) }}
{{- include "scani.egressPlaces" (list $egress.redis (list 6379)) }}
{{- if .Values.storage.s3.endpoint }}
{{- $port := include "scani.explicitPort" .Values.storage.s3.endpoint }}
{{- include "scani.egressPlaces" (list $egress.s3 (ternary (list) (list ($port | int)) (eq $port ""))) }}
{{- end }}
{{- if include "scani.runsDataProvider" . }}
{{ include "scani.egressPod" (list . "data-provider" 8082) }}
{{- end }}
{{- include "scani.egressTraces" . }}
{{- $ports := list }}
{{- if $egress.internet }}{{ $ports = append $ports 443 }}{{ end }}
{{- if eq .Values.tier.mode "hosted" }}
{{- $ports = append $ports (include "scani.explicitPort" .Values.tier.cloudUrl | default "443" | int) }}
{{- end }}
{{- with uniq $ports }}
{{ include "scani.egressInternet" . }}
{{- end }}
{{- include "scani.egressCloudMetadata" . }}
{{- with $egress.extra }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "scani.egressTraces" -}}
{{- with .Values.traces.endpoint }}
{{- include "scani.egressPlaces" (list $.Values.networkPolicy.egress.traces (list (include "scani.portOf" . | int))) }}
{{- end }}
{{- end }}

{{/* The port of a URL, named or of its protocol. */}}
{{- define "scani.portOf" -}}
{{- include "scani.explicitPort" . | default (hasPrefix "https:" . | ternary "443" "80") -}}
{{- end }}

{{/* Who may come in on a port: (list peers port) */}}
{{- define "scani.ingressFrom" -}}
{{- if index . 0 }}
- from:
    {{- toYaml (index . 0) | nindent 4 }}
  ports:
    - port: {{ index . 1 }}
      protocol: TCP
{{- end }}
{{- end }}

{{- define "scani.ingressOfPods" -}}
- from:
    {{- $root := index . 0 }}
    {{- range index . 1 }}
    - podSelector:
        matchLabels:
          {{- include "scani.selectorLabels" (list $root .) | nindent 10 }}
    {{- end }}
  ports:
    - port: {{ index . 2 }}
      protocol: TCP
{{- end }}

{{/* Prometheus, and KEDA on the api: (list $ withKeda) */}}
{{- define "scani.ingressOfMetrics" -}}
{{- $root := index . 0 -}}
{{- $from := $root.Values.networkPolicy.ingressFrom -}}
{{- if $root.Values.metrics.enabled -}}
{{- include "scani.ingressFrom" (list $from.monitoring (include "scani.metricsPort" $root)) }}
{{- if index . 1 }}
{{- include "scani.ingressFrom" (list $from.keda (include "scani.metricsPort" $root)) }}
{{- end }}
{{- end -}}
{{- end }}

{{/* (list $ "api" ingress egress), the rules as text */}}
{{- define "scani.networkPolicy" -}}
{{- $root := index . 0 -}}
{{- if $root.Values.networkPolicy.enabled -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "scani.metadata" (merge (index . 4 | default dict) (dict "root" $root "component" (index . 1))) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "scani.selectorLabels" (list $root (index . 1)) | nindent 6 }}
  policyTypes:
    - Ingress
    - Egress
  {{- with index . 2 | trim }}
  ingress:
    {{- . | nindent 4 }}
  {{- end }}
  {{- with index . 3 | trim }}
  egress:
    {{- . | nindent 4 }}
  {{- end }}
{{- end -}}
{{- end }}
