import type { AlertMessage, AlertView, GroupView, SilenceRequest, SilenceView } from '@metrics-dashboard/core';
import { Labels, QueryError, matcher } from '@metrics-dashboard/sdk';
import type { Matcher, Timestamp } from '@metrics-dashboard/sdk';

// The JSON of Alertmanager's API, version 2, in and out.
// Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml

/** Go's time of nothing, which clients send where they mean that there is none. */
const NO_TIME = Date.parse('0001-01-01T00:00:00Z');

/** One POST takes so many alerts. */
const MOST_ALERTS = 50_000;

/** Reads the body of `POST /api/v2/alerts`. Throws a `QueryError` with the path of what is not of the form. */
export function alertMessagesOf(body: unknown): readonly AlertMessage[] {
  const list = listOf(body, 'the body');
  if (list.length > MOST_ALERTS) throw new QueryError(`${list.length} alerts, expected at most ${MOST_ALERTS}`);
  return list.map((item, i) => {
    const alert = objectOf(item, `[${i}]`);
    return {
      labels: Labels.of(textsOf(alert['labels'], `[${i}].labels`)),
      annotations: textsOf(alert['annotations'] ?? {}, `[${i}].annotations`),
      startsAt: timeOf(alert['startsAt'], `[${i}].startsAt`),
      endsAt: timeOf(alert['endsAt'], `[${i}].endsAt`),
      generatorUrl: textOf(alert['generatorURL'] ?? '', `[${i}].generatorURL`),
      receivers: [],
    };
  });
}

/** Reads the body of `POST /api/v2/silences`: the silence, and the id of the one to change. What this form has no words for stays as it was. */
export function silenceRequestOf(body: unknown, known: (id: string) => Pick<SilenceRequest, 'endsWithAlerts' | 'remindBefore'> | undefined): { readonly id: string | undefined; readonly request: SilenceRequest } {
  const silence = objectOf(body, 'the body');
  const id = textOf(silence['id'] ?? '', 'id');
  const request: SilenceRequest = {
    matchers: listOf(silence['matchers'], 'matchers').map((item, i) => matcherOf(item, `matchers[${i}]`)),
    startsAt: requiredTime(silence['startsAt'], 'startsAt'),
    endsAt: requiredTime(silence['endsAt'], 'endsAt'),
    createdBy: textOf(silence['createdBy'] ?? '', 'createdBy'),
    comment: textOf(silence['comment'] ?? '', 'comment'),
    endsWithAlerts: known(id)?.endsWithAlerts ?? false,
    remindBefore: known(id)?.remindBefore,
  };
  return { id: id === '' ? undefined : id, request };
}

function matcherOf(item: unknown, path: string): Matcher {
  const given = objectOf(item, path);
  const isRegex = flagOf(given['isRegex'] ?? false, `${path}.isRegex`);
  const isEqual = flagOf(given['isEqual'] ?? true, `${path}.isEqual`);
  const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
  return matcher(textOf(given['name'], `${path}.name`), operator, textOf(given['value'], `${path}.value`));
}

/** A gettable alert. */
export function alertForm(alert: AlertView): object {
  const isSuppressed = alert.silencedBy.length > 0 || alert.inhibitedBy.length > 0 || alert.mutedBy.length > 0;
  return {
    annotations: alert.annotations,
    endsAt: timeText(alert.endsAt),
    fingerprint: alert.fingerprint,
    receivers: alert.receiverNames.map((name) => ({ name })),
    startsAt: timeText(alert.startsAt),
    status: { state: isSuppressed ? 'suppressed' : 'active', silencedBy: alert.silencedBy, inhibitedBy: alert.inhibitedBy, mutedBy: alert.mutedBy },
    updatedAt: timeText(alert.updatedAt),
    generatorURL: alert.generatorUrl,
    labels: alert.labels,
  };
}

/** An alert group. */
export function groupForm(group: GroupView, alerts: readonly AlertView[]): object {
  return { alerts: alerts.map(alertForm), labels: group.labels, receiver: { name: group.receiver } };
}

/** A gettable silence. */
export function silenceForm(silence: SilenceView): object {
  return {
    id: silence.id,
    status: { state: silence.state },
    updatedAt: timeText(silence.updatedAt),
    comment: silence.comment,
    createdBy: silence.createdBy,
    endsAt: timeText(silence.endsAt),
    startsAt: timeText(silence.startsAt),
    matchers: silence.matchers.map(({ name, operator, value }) => ({
      isEqual: operator === '=' || operator === '=~',
      isRegex: operator === '=~' || operator === '!~',
      name,
      value,
    })),
  };
}

function timeText(at: Timestamp): string {
  return new Date(at).toISOString();
}

function timeOf(value: unknown, path: string): Timestamp | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const at = Date.parse(textOf(value, path));
  if (Number.isNaN(at)) throw new QueryError(`${path}: ${JSON.stringify(value)} is no time, expected a form like 2026-01-01T00:00:00Z`);
  return at === NO_TIME ? undefined : at;
}

function requiredTime(value: unknown, path: string): Timestamp {
  const at = timeOf(value, path);
  if (at === undefined) throw new QueryError(`${path}: is missing`);
  return at;
}

function textsOf(value: unknown, path: string): Record<string, string> {
  const given = objectOf(value, path);
  return Object.fromEntries(Object.entries(given).map(([name, text]) => [name, textOf(text, `${path}.${name}`)]));
}

function textOf(value: unknown, path: string): string {
  return typeof value === 'string' ? value : wrong(value, path, 'a text');
}

function flagOf(value: unknown, path: string): boolean {
  return typeof value === 'boolean' ? value : wrong(value, path, 'true or false');
}

function listOf(value: unknown, path: string): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : wrong(value, path, 'a list');
}

function objectOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : wrong(value, path, 'an object');
}

function wrong(value: unknown, path: string, expected: string): never {
  throw new QueryError(`${path}: expected ${expected}, met ${value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60)}`);
}
