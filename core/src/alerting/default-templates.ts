/** The templates that every configuration has, by the names Alertmanager has for them; a file of `templates:` may define them anew. */
export const DEFAULT_TEMPLATES = `
{{ define "default.title" }}[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] {{ template "default.subject" . }}{{ end }}
{{ define "default.subject" }}{{ .GroupLabels.SortedPairs.Values | join " " }}{{ $rest := .CommonLabels.Remove .GroupLabels.Names }}{{ if gt (len $rest) 0 }}{{ if gt (len .GroupLabels) 0 }} {{ end }}({{ $rest.Values | join " " }}){{ end }}{{ end }}
{{ define "default.alert" }}{{ range .Labels.SortedPairs }}  {{ .Name }}: {{ .Value }}
{{ end }}{{ range .Annotations.SortedPairs }}  {{ .Name }}: {{ .Value }}
{{ end }}  since: {{ .StartsAt.Format "2006-01-02 15:04:05 MST" }}{{ if eq .Status "resolved" }}
  until: {{ .EndsAt.Format "2006-01-02 15:04:05 MST" }}{{ end }}{{ if .GeneratorURL }}
  {{ .GeneratorURL }}{{ end }}
{{ end }}
{{ define "default.message" }}{{ if gt (len .Alerts.Firing) 0 }}Firing:
{{ range .Alerts.Firing }}{{ template "default.alert" . }}
{{ end }}{{ end }}{{ if gt (len .Alerts.Resolved) 0 }}Resolved:
{{ range .Alerts.Resolved }}{{ template "default.alert" . }}
{{ end }}{{ end }}{{ if gt .Omitted 0 }}and {{ .Omitted }} more
{{ end }}{{ end }}
{{ define "slack.default.title" }}{{ template "default.title" . }}{{ end }}
{{ define "slack.default.titlelink" }}{{ .ExternalURL }}/alerts{{ end }}
{{ define "slack.default.username" }}Metrics Dashboard{{ end }}
{{ define "slack.default.fallback" }}{{ template "slack.default.title" . }} | {{ template "slack.default.titlelink" . }}{{ end }}
{{ define "slack.default.pretext" }}{{ end }}
{{ define "slack.default.text" }}{{ range .Alerts }}{{ if .Annotations.summary }}*{{ .Annotations.summary }}*{{ else }}*{{ .Labels.alertname }}*{{ end }} ({{ .Status }})
{{ if .Annotations.description }}{{ .Annotations.description }}
{{ end }}{{ end }}{{ if gt .Omitted 0 }}and {{ .Omitted }} more{{ end }}{{ end }}
{{ define "slack.default.footer" }}{{ end }}
{{ define "slack.default.iconemoji" }}{{ end }}
{{ define "slack.default.iconurl" }}{{ end }}
{{ define "email.default.subject" }}{{ template "default.title" . }}{{ end }}
{{ define "email.default.text" }}{{ template "default.message" . }}{{ .ExternalURL }}/alerts
{{ end }}
{{ define "email.default.html" }}<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ template "default.title" . }}</title></head>
<body style="margin:0;padding:24px;background:#f4f5f7;font-family:sans-serif;font-size:14px;color:#1f2430">
<table role="presentation" width="100%" style="max-width:640px;margin:0 auto;background:#ffffff;border:1px solid #d9dce3;border-radius:6px">
<tr><td style="padding:16px 20px;color:#ffffff;font-size:16px;font-weight:bold;background:{{ if eq .Status "firing" }}#b3261e{{ else }}#1b7f4b{{ end }}">{{ template "default.title" . }}</td></tr>
<tr><td style="padding:16px 20px"><a href="{{ .ExternalURL }}/alerts">Open in Metrics Dashboard</a></td></tr>
{{ range .Alerts }}<tr><td style="padding:12px 20px;border-top:1px solid #d9dce3">
<strong>{{ .Labels.alertname }}</strong> &middot; {{ .Status }} since {{ .StartsAt.Format "2006-01-02 15:04:05 MST" }}{{ if eq .Status "resolved" }} until {{ .EndsAt.Format "2006-01-02 15:04:05 MST" }}{{ end }}<br>
{{ range .Annotations.SortedPairs }}{{ .Name }}: {{ .Value }}<br>
{{ end }}<span style="color:#5b6475">{{ range .Labels.SortedPairs }}{{ .Name }}={{ .Value }} {{ end }}</span>{{ if .GeneratorURL }}<br>
<a href="{{ .GeneratorURL }}">Source</a>{{ end }}
</td></tr>
{{ end }}{{ if gt .Omitted 0 }}<tr><td style="padding:12px 20px;border-top:1px solid #d9dce3">and {{ .Omitted }} more</td></tr>
{{ end }}</table></body></html>
{{ end }}
`;
