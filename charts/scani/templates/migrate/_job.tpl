{{- define "scani.migrates" -}}
{{- if and .Values.migrations.enabled (ne .Values.migrations.mode "external") -}}true{{- end -}}
{{- end }}

{{/*
Hooks are made before anything else is changed. Only `before-hook-creation`: a Job that is over stays, so that its log can be
read. (list $ "-10")
*/}}
{{- define "scani.migrateAnnotations" -}}
{{- $root := index . 0 -}}
{{- if eq $root.Values.migrations.mode "hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ index . 1 | quote }}
helm.sh/hook-delete-policy: before-hook-creation
{{- end -}}
{{- end }}

{{- define "scani.migrateJobSpec" -}}
{{- $migrations := .Values.migrations -}}
backoffLimit: {{ $migrations.backoffLimit }}
activeDeadlineSeconds: {{ $migrations.activeDeadlineSeconds }}
template:
  metadata:
    labels:
      {{- include "scani.podLabels" (list . "migrate" $migrations.podLabels) | nindent 6 }}
    {{- with $migrations.podAnnotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    restartPolicy: Never
    serviceAccountName: {{ include "scani.migrateServiceAccountName" . }}
    {{- include "scani.podManners" . | nindent 4 }}
    containers:
      - name: migrate
        image: {{ include "scani.image" (list . "migrate") }}
        imagePullPolicy: {{ .Values.image.pullPolicy }}
        args:
          - migrate
          - up
          - --lock-timeout
          - {{ $migrations.lockTimeout }}
        securityContext:
          {{- include "scani.containerSecurityContext" . | nindent 10 }}
        env:
          {{- include "scani.env" (list . "migrate") | trim | nindent 10 }}
          {{- with $migrations.extraEnv }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
        resources:
          {{- toYaml $migrations.resources | nindent 10 }}
        volumeMounts:
          {{- include "scani.volumeMounts" (list . true) | nindent 10 }}
    volumes:
      {{- include "scani.volumes" (list . true) | nindent 6 }}
{{- end }}

{{/*
A Job cannot be changed, so outside of hooks its name carries a digest of its spec: another image makes another Job, the
same spec keeps its name.
*/}}
{{- define "scani.migrateJobName" -}}
{{- $name := include "scani.componentName" (list . "migrate") -}}
{{- if eq .Values.migrations.mode "job" -}}
{{- printf "%s-%s" $name (include "scani.migrateJobSpec" . | sha256sum | trunc 8) -}}
{{- else -}}
{{- $name -}}
{{- end -}}
{{- end }}
