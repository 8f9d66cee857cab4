{{/* Never changed between releases: selectors of Deployments are immutable. (list $ "api") */}}
{{- define "scani.selectorLabels" -}}
app.kubernetes.io/name: {{ include "scani.name" (index . 0) }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* (list $ "api") */}}
{{- define "scani.labels" -}}
{{- $root := index . 0 -}}
{{- $own := include "scani.selectorLabels" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/version" (include "scani.labelValue" (include "scani.tag" (list $root ""))) -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "scani" -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" $root.Release.Service -}}
{{- $_ := set $own "helm.sh/chart" (include "scani.labelValue" (printf "%s-%s" $root.Chart.Name $root.Chart.Version)) -}}
{{- merge $own $root.Values.commonLabels | toYaml -}}
{{- end }}

{{/* Without the chart's version, so that a new chart alone rolls nothing: (list $ "api" podLabels) */}}
{{- define "scani.podLabels" -}}
{{- $root := index . 0 -}}
{{- $own := include "scani.selectorLabels" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "scani" -}}
{{- merge $own (index . 2) $root.Values.commonLabels | toYaml -}}
{{- end }}

{{- define "scani.labelValue" -}}
{{- regexReplaceAll "[^A-Za-z0-9_.-]" . "_" | trunc 63 | trimAll "-_." -}}
{{- end }}

{{/*
Name, namespace, labels and annotations of an object.
(dict "root" $ "component" "api" "name" "…" "annotations" (dict …) "wave" "-20")
*/}}
{{- define "scani.metadata" -}}
{{- $annotations := merge (dict) (.annotations | default dict) -}}
{{- if and .wave .root.Values.migrations.argocd.syncWaves -}}
{{- $_ := set $annotations "argocd.argoproj.io/sync-wave" .wave -}}
{{- end -}}
{{- $annotations = merge $annotations .root.Values.commonAnnotations -}}
name: {{ .name | default (include "scani.componentName" (list .root .component)) }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "scani.labels" (list .root .component) | nindent 2 }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
