{{/* The Secret that the chart makes or is given, as one process sees it: (list $ "migrate") */}}
{{- define "scani.secretName" -}}
{{- $root := index . 0 -}}
{{- if eq $root.Values.secrets.mode "existing" -}}
{{- $root.Values.secrets.existingSecret -}}
{{- else if and (eq $root.Values.secrets.mode "externalSecret") (eq (index . 1) "migrate") (include "scani.migrates" $root) -}}
{{- include "scani.componentName" (list $root "migrate") -}}
{{- else -}}
{{- include "scani.fullname" $root -}}
{{- end -}}
{{- end }}

{{/* Where a process takes a secret from: (list $ "api" "DATABASE_URL") */}}
{{- define "scani.secretSource" -}}
{{- $root := index . 0 -}}
{{- $secrets := $root.Values.secrets -}}
{{- $variable := index . 2 -}}
{{- with index $secrets.refs $variable -}}
name: {{ .name }}
key: {{ .key }}
{{- else -}}
name: {{ include "scani.secretName" . }}
key: {{ ternary (index $secrets.keys $variable | default $variable) $variable (eq $secrets.mode "existing") }}
{{- end -}}
{{- end }}

{{/*
The secrets that processes need, as a YAML list of {name, required}, without those that another Secret gives.
(list $ (list "api" "worker"))
*/}}
{{- define "scani.secretsOf" -}}
{{- $root := index . 0 -}}
{{- $facts := include "scani.facts" $root | fromYaml -}}
{{- $found := dict -}}
{{- range $root.Files.Get "files/env.yaml" | fromYamlArray -}}
{{- $entry := . -}}
{{- $wanted := false -}}
{{- range index $ 1 -}}
{{- if has . $entry.in -}}{{- $wanted = true -}}{{- end -}}
{{- end -}}
{{- if and $wanted .secret (or (not .when) (index $facts (.when | default ""))) (not (index $root.Values.secrets.refs .name)) -}}
{{- $_ := set $found .name (or (eq .secret "required") (index $facts (.requiredWhen | default "")) false) -}}
{{- end -}}
{{- end -}}
{{- toYaml $found -}}
{{- end }}

{{- define "scani.runtimeProcesses" -}}
- api
- worker
{{- if include "scani.runsDataProvider" . }}
- data-provider
{{- end }}
{{- end }}

{{/* Spec of an ExternalSecret: (dict "root" $ "processes" (list "api") "target" "name" "dataFrom" (list)) */}}
{{- define "scani.externalSecretSpec" -}}
{{- $secrets := .root.Values.secrets -}}
{{- $external := $secrets.externalSecret -}}
refreshInterval: {{ $external.refreshInterval }}
secretStoreRef:
  name: {{ $external.storeRef.name }}
  kind: {{ $external.storeRef.kind }}
target:
  name: {{ .target }}
  creationPolicy: Owner
  deletionPolicy: {{ $external.deletionPolicy }}
data:
  {{- range $name, $required := include "scani.secretsOf" (list .root .processes) | fromYaml }}
  {{- if or $required (has $name $external.optionalKeys) (hasKey $secrets.keys $name) }}
  - secretKey: {{ $name }}
    remoteRef:
      key: {{ $external.remoteKey }}
      property: {{ index $secrets.keys $name | default $name }}
  {{- end }}
  {{- end }}
{{- with .dataFrom }}
dataFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
