import { ConfigError } from '@metrics-dashboard/sdk';
import { ManualClock, sampleNotification } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { messageCompiler } from './message-templates.js';

const clock = new ManualClock(Date.UTC(2026, 0, 1, 0, 10));
const alert = (name: string, status: 'firing' | 'resolved') => ({
  ...sampleNotification().alerts[0],
  ...{ labels: sampleNotification().groupLabels.with({ alertname: name, job: 'api' }), annotations: { summary: `<${name}>` }, status },
  startsAt: Date.UTC(2026, 0, 1),
  endsAt: status === 'resolved' ? Date.UTC(2026, 0, 1, 0, 5) : undefined,
  generatorUrl: 'http://here/explore',
  fingerprint: 'f',
});
const notification = sampleNotification({ alerts: [alert('A', 'firing'), alert('B', 'resolved')] });
const expand = (text: string, html = false): string => messageCompiler([], clock)({ text, html })(notification);

describe('a template of a message', () => {
  it.each([
    ['{{ .Receiver }} {{ .Status }} {{ .ExternalURL }}', 'team-a firing http://localhost:9700'],
    ['{{ range .Alerts.Firing }}{{ .Labels.alertname }}{{ end }}/{{ len .Alerts.Resolved }}/{{ len .Alerts }}', 'A/1/2'],
    ['{{ range $i, $a := .Alerts }}{{ $i }}{{ $a.Labels.alertname }} {{ end }}', '0A 1B '],
    ['{{ range .GroupLabels.SortedPairs }}{{ .Name }}={{ .Value }}{{ end }}', 'alertname=HighLatency'],
    ['{{ (index .Alerts 0).Labels.Remove (stringSlice "job") }}', 'map[alertname:A]'],
    ['{{ .GroupLabels.Values | join "," | toUpper }}', 'HIGHLATENCY'],
    ['{{ (index .Alerts 0).StartsAt | since | humanizeDuration }}', '10m 0s'],
    ['{{ (index .Alerts 0).StartsAt | tz "Europe/Paris" | date "15:04 MST" }}', '01:00 GMT+1'],
    ['{{ template "default.title" . }}', /^\[FIRING:1\] HighLatency/],
    ['{{ .CommonLabels.nothing }}', ''],
  ])('%s', (text, expected) => {
    if (typeof expected === 'string') expect(expand(text)).toBe(expected);
    else expect(expand(text)).toMatch(expected);
  });

  it('escapes what others wrote where it is HTML, and nothing that its author vouches for', () => {
    expect(expand('<b>{{ (index .Alerts 0).Annotations.summary }}</b>', true)).toBe('<b>&lt;A&gt;</b>');
    expect(expand('{{ (index .Alerts 0).Annotations.summary | safeHtml }}', true)).toBe('<A>');
    expect(expand('{{ template "email.default.html" . }}', true)).toContain('summary: &lt;A&gt;<br>');
  });

  it.each(['slack.default.title', 'slack.default.text', 'slack.default.fallback', 'email.default.subject', 'email.default.text', 'email.default.html', 'default.message'])('%s is there', (name) => {
    expect(expand(`{{ template "${name}" . }}`)).not.toContain('<no value>');
  });

  it('that is none is refused with its place, in a file too', () => {
    expect(() => messageCompiler([], clock)({ text: 'a {{ .Status' })).toThrow(/1:\d+/);
    expect(() => messageCompiler([], clock)({ text: 'a\n{{ if .Alerts }}{{ template "mine" . }}{{ end }}' })).toThrow('text:2:17: template "mine" not defined');
    expect(() => messageCompiler([{ file: '/x/a.tmpl', text: '{{ define "mine" }}{{ template "other" }}{{ end }}' }], clock)({ text: '{{ template "mine" . }}' })).toThrow('/x/a.tmpl:1:20: template "other" not defined');
    expect(() => messageCompiler([{ file: '/x/a.tmpl', text: '{{ define "a" }}\n{{ nope }}{{ end }}' }], clock)).toThrow(ConfigError);
    expect(() => messageCompiler([{ file: '/x/a.tmpl', text: '{{ define "a" }}\n{{ nope }}{{ end }}' }], clock)).toThrow('/x/a.tmpl:2:');
  });

  it('of a file takes the place of the one that is there by default', () => {
    const compile = messageCompiler([{ file: 'a.tmpl', text: '{{ define "default.title" }}mine{{ end }}' }], clock);
    expect(compile({ text: '{{ template "slack.default.title" . }}' })(notification)).toBe('mine');
  });
});
