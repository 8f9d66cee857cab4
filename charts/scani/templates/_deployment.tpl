{{/* A Deployment: (list $ "api" (env of the component, as text)) */}}
{{- define "scani.deployment" -}}
{{- $root := index . 0 -}}
{{- $component := include "scani.component" (list $root (index . 1)) | fromYaml -}}
{{- $name := $component.name -}}
{{- $values := index $root.Values $component.values -}}
{{- $isNode := ne $name "console" -}}
{{- $usesDatabase := has $name (list "api" "worker") -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "scani.metadata" (dict "root" $root "component" $name) | nindent 2 }}
spec:
  {{- if not (include "scani.scaled" $values) }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  selector:
    matchLabels:
      {{- include "scani.selectorLabels" (list $root $name) | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "scani.podLabels" (list $root $name $values.podLabels) | nindent 8 }}
      annotations:
        kubectl.kubernetes.io/default-container: {{ $name }}
        {{- if not $isNode }}
        checksum/config: {{ include "scani.consoleFiles" $root | sha256sum }}
        {{- end }}
        {{- if and $isNode $root.Values.secrets.rolloutToken }}
        scani/rollout-token: {{ $root.Values.secrets.rolloutToken | quote }}
        {{- end }}
        {{- if and $isNode (eq $root.Values.secrets.mode "inline") }}
        checksum/secret: {{ $root.Values.secrets.inline | toJson | sha256sum }}
        {{- end }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "scani.serviceAccountName" (list $root $name) }}
      {{- include "scani.podManners" $root | nindent 6 }}
      terminationGracePeriodSeconds: {{ include "scani.gracePeriod" (list $root $component $values) }}
      {{- with include "scani.scheduling" (list $root $name $values) | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      containers:
        - name: {{ $name }}
          image: {{ include "scani.image" (list $root $component.values) }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          securityContext:
            {{- include "scani.containerSecurityContext" $root | nindent 12 }}
          ports:
            - name: http
              containerPort: {{ $component.port }}
            {{- if and $component.metrics $root.Values.metrics.enabled }}
            - name: metrics
              containerPort: {{ include "scani.metricsPort" $root }}
            {{- end }}
          {{- $env := concat (index . 2 | fromYamlArray) $values.extraEnv }}
          {{- with $env }}
          env:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with $values.extraEnvFrom }}
          envFrom:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- include "scani.probes" $values.probes | nindent 10 }}
          {{- with $values.preStopSleepSeconds }}
          lifecycle:
            preStop:
              sleep:
                seconds: {{ . }}
          {{- end }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            {{- include "scani.volumeMounts" (list $root $usesDatabase) | nindent 12 }}
            {{- if not $isNode }}
            - name: config
              mountPath: /etc/nginx/scani.d
              readOnly: true
            {{- end }}
            {{- with $values.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        {{- include "scani.volumes" (list $root $usesDatabase) | nindent 8 }}
        {{- if not $isNode }}
        - name: config
          configMap:
            name: {{ include "scani.componentName" (list $root $name) }}
        {{- end }}
        {{- with $values.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end }}

{{/* The Service of a component: (list $ "api") */}}
{{- define "scani.service" -}}
{{- $root := index . 0 -}}
{{- $component := include "scani.component" . | fromYaml -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "scani.metadata" (dict "root" $root "component" $component.name "annotations" (index $root.Values $component.values).service.annotations) | nindent 2 }}
spec:
  type: ClusterIP
  ports:
    - name: http
      port: {{ $component.port }}
      targetPort: http
    {{- if and $component.metrics $root.Values.metrics.enabled }}
    - name: metrics
      port: {{ include "scani.metricsPort" $root }}
      targetPort: metrics
    {{- end }}
  selector:
    {{- include "scani.selectorLabels" . | nindent 4 }}
{{- end }}

{{/* A PodDisruptionBudget, unless one pod is all there may be: (list $ "api") */}}
{{- define "scani.pdb" -}}
{{- $root := index . 0 -}}
{{- $component := include "scani.component" . | fromYaml -}}
{{- $values := index $root.Values $component.values -}}
{{- if and $values.pdb.enabled (gt (include "scani.fewestPods" $values | int) 1) -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "scani.metadata" (dict "root" $root "component" $component.name) | nindent 2 }}
spec:
  {{- if kindIs "invalid" $values.pdb.minAvailable }}
  maxUnavailable: {{ $values.pdb.maxUnavailable }}
  {{- else }}
  minAvailable: {{ $values.pdb.minAvailable }}
  {{- end }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "scani.selectorLabels" . | nindent 6 }}
{{- end -}}
{{- end }}

{{/* A HorizontalPodAutoscaler by CPU, where it is wanted: (list $ "api") */}}
{{- define "scani.hpa" -}}
{{- $root := index . 0 -}}
{{- $component := include "scani.component" . | fromYaml -}}
{{- with (index $root.Values $component.values).autoscaling -}}
{{- if .enabled -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "scani.metadata" (dict "root" $root "component" $component.name) | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "scani.componentName" (list $root $component.name) }}
  minReplicas: {{ .minReplicas }}
  maxReplicas: {{ .maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .cpu }}
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 300
{{- end -}}
{{- end -}}
{{- end }}
