{{- define "scani.podSecurityContext" -}}
runAsNonRoot: true
{{- if eq .Values.securityContext.preset "restricted" }}
runAsUser: 1001
runAsGroup: 1001
fsGroup: 1001
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "scani.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}

{{/* What every pod of Scani has in common, hooks and tests too. */}}
{{- define "scani.podManners" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- if kindIs "bool" .Values.securityContext.hostUsers }}
hostUsers: {{ .Values.securityContext.hostUsers }}
{{- end }}
securityContext:
  {{- include "scani.podSecurityContext" . | nindent 2 }}
{{- include "scani.pullSecrets" . }}
{{- end }}

{{/* Files of certificates and a place to write: (list $ true) where the process speaks to Postgres */}}
{{- define "scani.volumes" -}}
{{- $root := index . 0 -}}
- name: tmp
  emptyDir:
    sizeLimit: 128Mi
{{- with $root.Values.tls.caBundle }}
{{- if or .configMap .secret }}
- name: ca
  {{- if .configMap }}
  configMap:
    name: {{ .configMap }}
  {{- else }}
  secret:
    secretName: {{ .secret }}
  {{- end }}
    items:
      - key: {{ .key }}
        path: ca.crt
{{- end }}
{{- end }}
{{- if and (index . 1) $root.Values.database.caSecret.name }}
- name: database-ca
  secret:
    secretName: {{ $root.Values.database.caSecret.name }}
    items:
      - key: {{ $root.Values.database.caSecret.key }}
        path: ca.crt
{{- end }}
{{- end }}

{{- define "scani.volumeMounts" -}}
{{- $root := index . 0 -}}
- name: tmp
  mountPath: /tmp
{{- if or $root.Values.tls.caBundle.configMap $root.Values.tls.caBundle.secret }}
- name: ca
  mountPath: /etc/scani/ca
  readOnly: true
{{- end }}
{{- if and (index . 1) $root.Values.database.caSecret.name }}
- name: database-ca
  mountPath: /etc/scani/database-ca
  readOnly: true
{{- end }}
{{- end }}

{{/* Startup and liveness never look at what the process depends on; readiness does. */}}
{{- define "scani.probes" -}}
startupProbe:
  httpGet:
    path: /livez
    port: http
  {{- toYaml .startup | nindent 2 }}
livenessProbe:
  httpGet:
    path: /livez
    port: http
  {{- toYaml .liveness | nindent 2 }}
readinessProbe:
  httpGet:
    path: /readyz
    port: http
  {{- toYaml .readiness | nindent 2 }}
{{- end }}

{{/* Where pods may and should run: (list $ component values) */}}
{{- define "scani.scheduling" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $values := index . 2 -}}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if kindIs "slice" $values.topologySpreadConstraints }}
{{- with $values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- else }}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    matchLabelKeys:
      - pod-template-hash
    labelSelector:
      matchLabels:
        {{- include "scani.selectorLabels" (list $root $name) | nindent 8 }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Seconds that a pod needs to end by itself: (list $ component values) */}}
{{- define "scani.secondsToEnd" -}}
{{- add ((index . 2).preStopSleepSeconds | default 0) (index . 1).drainSeconds 5 -}}
{{- end }}

{{- define "scani.gracePeriod" -}}
{{- (index . 2).terminationGracePeriodSeconds | default (add (index . 1).drainSeconds 30) -}}
{{- end }}
