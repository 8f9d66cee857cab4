{{/* A pod of `helm test`: (dict "root" $ "name" "schema" "image" "migrate" "env" "…" "run" "…" "database" true) */}}
{{- define "scani.testPod" -}}
apiVersion: v1
kind: Pod
metadata:
  {{- $name := printf "test-%s" .name }}
  {{- $hook := dict "helm.sh/hook" "test" "helm.sh/hook-delete-policy" "before-hook-creation,hook-succeeded" }}
  {{- include "scani.metadata" (dict "root" .root "component" $name "annotations" $hook) | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "scani.podManners" .root | nindent 2 }}
  terminationGracePeriodSeconds: 5
  activeDeadlineSeconds: 120
  containers:
    - name: {{ .name }}
      image: {{ include "scani.image" (list .root .image) }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      {{- .run | nindent 6 }}
      securityContext:
        {{- include "scani.containerSecurityContext" .root | nindent 8 }}
      env:
        {{- .env | trim | nindent 8 }}
      resources:
        {{- toYaml .root.Values.tests.resources | nindent 8 }}
      volumeMounts:
        {{- include "scani.volumeMounts" (list .root .database) | nindent 8 }}
  volumes:
    {{- include "scani.volumes" (list .root .database) | nindent 4 }}
{{- end }}
