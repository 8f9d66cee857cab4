{{/* The tag of one component, or of all with "": (list $ "dataProvider") */}}
{{- define "scani.tag" -}}
{{- $root := index . 0 -}}
{{- $key := index . 1 -}}
{{- $own := "" -}}
{{- if $key -}}
{{- $own = (index $root.Values (eq $key "migrate" | ternary "migrations" $key)).image.tag -}}
{{- end -}}
{{- $own | default $root.Values.image.tag | default $root.Chart.AppVersion -}}
{{- end }}

{{/* (list $ "dataProvider") */}}
{{- define "scani.image" -}}
{{- $root := index . 0 -}}
{{- $key := index . 1 -}}
{{- $image := $root.Values.image -}}
{{- $path := list $image.registry $image.repositoryPrefix (kebabcase $key) | compact | join "/" -}}
{{- $digest := index $image.digests $key -}}
{{- printf "%s:%s%s" $path (include "scani.tag" .) (ternary (printf "@%s" $digest) "" (ne $digest "")) -}}
{{- end }}

{{- define "scani.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}
