{{/* Files of the console's nginx (apps/console/nginx/scani.d), as YAML. */}}
{{- define "scani.consoleFiles" -}}
{{- $store := .Values.storage.s3.publicEndpoint | default .Values.storage.s3.endpoint -}}
{{- $origin := "" -}}
{{- with $store -}}
{{- $origin = printf "%s://%s" (urlParse .).scheme (urlParse .).host -}}
{{- end -}}
policy.conf: |
  set $connect_src "{{ .Values.console.cspConnectSrc | default (list "'self'" $origin | compact | join " ") }}";
api.conf: |
  {{- if .Values.console.proxyApi }}
  {{- /* A name in a variable is looked up when it is asked for, so the console starts without the api. */}}
  resolver {{ .Values.console.resolver }} valid=10s;
  location ^~ /api/ {
    set $api "http://{{ include "scani.serviceHost" (list . "api") }}:3001";
    proxy_pass $api;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;
    proxy_buffering off;
    proxy_request_buffering off;
    proxy_read_timeout 1h;
    client_max_body_size 12m;
  }
  {{- else }}
  location ^~ /api/ {
    default_type application/problem+json;
    return 502 '{"type":"about:blank","title":"Bad gateway","status":502,"code":"not-routed","detail":"This is the console. Route /api to the api, or set console.proxyApi."}';
  }
  {{- end }}
{{- end }}
