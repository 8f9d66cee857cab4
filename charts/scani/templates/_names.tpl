{{/* The longest suffix, `-migrate-` and eight digits, still fits 63 characters. */}}
{{- define "scani.maxFullname" -}}46{{- end }}

{{- define "scani.name" -}}
{{- .Values.nameOverride | default .Chart.Name -}}
{{- end }}

{{/*
`<release>-scani`, or `scani` for the release of that name. A release that only ends in "scani" keeps the suffix, else
`a` and `a-scani` would meet.
*/}}
{{- define "scani.fullname" -}}
{{- $own := ternary .Release.Name (printf "%s-%s" .Release.Name (include "scani.name" .)) (eq .Release.Name (include "scani.name" .)) -}}
{{- $full := .Values.fullnameOverride | default $own -}}
{{- if gt (len $full) (include "scani.maxFullname" . | int) -}}
{{- printf "%s-%s" (trunc 37 $full | trimSuffix "-") (sha256sum $full | trunc 8) -}}
{{- else -}}
{{- $full -}}
{{- end -}}
{{- end }}

{{/* (list $ "api") */}}
{{- define "scani.componentName" -}}
{{- printf "%s-%s" (include "scani.fullname" (index . 0)) (index . 1) -}}
{{- end }}

{{/* The runtime service account of a component: (list $ "api") */}}
{{- define "scani.serviceAccountName" -}}
{{- $root := index . 0 -}}
{{- $account := $root.Values.serviceAccount -}}
{{- if and $account.create $account.perComponent -}}
{{- include "scani.componentName" . -}}
{{- else -}}
{{- $account.name | default (ternary (include "scani.fullname" $root) "default" $account.create) -}}
{{- end -}}
{{- end }}

{{- define "scani.migrateServiceAccountName" -}}
{{- $account := .Values.migrations.serviceAccount -}}
{{- $account.name | default (ternary (include "scani.componentName" (list . "migrate")) "default" $account.create) -}}
{{- end }}

{{/* A Service's name inside the cluster, whole: nginx does not use search domains. (list $ "api") */}}
{{- define "scani.serviceHost" -}}
{{- $root := index . 0 -}}
{{- printf "%s.%s.svc.%s" (include "scani.componentName" .) $root.Release.Namespace $root.Values.clusterDomain -}}
{{- end }}
