import type { App, InstanceView, RuleGroupView, RuleView } from '@metrics-dashboard/core';
import { Labels, QueryError, matchesAll, matcher } from '@metrics-dashboard/sdk';
import type { Matcher } from '@metrics-dashboard/sdk';
import type { FastifyInstance } from 'fastify';
import { parametersOf } from './parameters.js';
import type { Parameters } from './parameters.js';
import { success } from './prometheus-answer.js';

/** What has not happened yet has Go's zero time, as clients of this API expect. */
const NEVER = '0001-01-01T00:00:00Z';

/** What the Prometheus HTTP API says about rules: `rules`, `alerts`. */
export function addRuleRoutes(fastify: FastifyInstance, app: App): void {
  fastify.get('/api/v1/rules', async (request) => success(rulesOf(app, parametersOf(request))));
  fastify.get('/api/v1/alerts', async () => {
    const alerts = app.rules.groups().flatMap(({ rules }) => rules.flatMap((rule) => rule.alerts));
    return success({ alerts: alerts.filter(isActive).map(alertOf) });
  });
}

/** Which rules are asked for. */
interface Filter {
  readonly type: string | undefined;
  readonly names: readonly string[];
  readonly groups: readonly string[];
  readonly files: readonly string[];
  readonly selectors: readonly (readonly Matcher[])[];
  readonly withoutAlerts: boolean;
}

function rulesOf(app: App, parameters: Parameters): object {
  const filter = filterOf(parameters);
  const limit = Number(parameters.text('group_limit') ?? 0);
  if (!Number.isInteger(limit) || limit < 0) throw new QueryError('invalid group limit value');
  const all = app.rules.groups().filter(({ group }) => takes(filter.groups, group.name) && takes(filter.files, group.file));
  const shown = all.map((group) => groupOf(group, filter)).filter(({ rules }) => rules.length > 0 || !narrows(filter));
  const after = parameters.text('group_next_token');
  const from = after === undefined ? 0 : shown.findIndex((one) => tokenOf(one) === after) + 1;
  if (after !== undefined && from === 0) throw new QueryError('invalid group_next_token: there is no group of it any more');
  const page = limit === 0 ? shown.slice(from) : shown.slice(from, from + limit);
  const last = page.at(-1);
  return { groups: page, ...(last !== undefined && from + page.length < shown.length && { groupNextToken: tokenOf(last) }) };
}

function filterOf(parameters: Parameters): Filter {
  const type = parameters.text('type')?.toLowerCase();
  if (type !== undefined && type !== 'alert' && type !== 'record') throw new QueryError(`invalid parameter "type": not supported value ${JSON.stringify(type)}`);
  return {
    type,
    names: parameters.texts('rule_name[]'),
    groups: parameters.texts('rule_group[]'),
    files: parameters.texts('file[]'),
    selectors: parameters.texts('match[]').map(selectorOf),
    withoutAlerts: parameters.text('exclude_alerts') === 'true',
  };
}

function narrows({ type, names, selectors }: Filter): boolean {
  return type !== undefined || names.length > 0 || selectors.length > 0;
}

function takes(wanted: readonly string[], name: string): boolean {
  return wanted.length === 0 || wanted.includes(name);
}

const MATCHER = /\s*(?:"((?:\\.|[^"\\])*)"|([a-zA-Z_][\w.]*))\s*(=~|!~|!=|=)\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)')\s*(?:,|$)/y;

/** `{severity="page"}`, on the labels of rules, which have no metric name. */
function selectorOf(text: string): readonly Matcher[] {
  const parts = /^\s*([a-zA-Z_:][\w:]*)?\s*(?:\{([^]*)\})?\s*$/.exec(text);
  const [, metric, inside = ''] = parts ?? [];
  if (parts === null || text.trim() === '') throw new QueryError(`invalid parameter "match[]": ${JSON.stringify(text)} is no selector, expected one like {severity="page"}`);
  const matchers: Matcher[] = metric === undefined ? [] : [matcher('__name__', '=', metric)];
  MATCHER.lastIndex = 0;
  while (MATCHER.lastIndex < inside.length) {
    const found = MATCHER.exec(inside);
    if (found === null) throw new QueryError(`invalid parameter "match[]": ${JSON.stringify(text)} is no selector, expected one like {severity="page"}`);
    const [, quoted, bare, operator, double, single] = found;
    // The expression takes these four alone.
    matchers.push(matcher(unescaped(quoted ?? bare ?? ''), operator as '=' | '!=' | '=~' | '!~', unescaped(double ?? single ?? '')));
  }
  return matchers;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c));
}

interface ShownGroup {
  readonly name: string;
  readonly file: string;
  readonly rules: readonly object[];
}

function groupOf({ group, rules, lastEvaluation, duration }: RuleGroupView, filter: Filter): ShownGroup {
  return {
    name: group.name,
    file: group.file,
    rules: rules.filter((rule) => isWanted(rule, filter)).map((rule) => ruleOf(rule, filter.withoutAlerts)),
    ...{
      interval: group.interval / 1000,
      limit: group.limit,
      evaluationTime: duration / 1000,
      lastEvaluation: timeOf(lastEvaluation),
    },
  };
}

function tokenOf({ file, name }: ShownGroup): string {
  return Buffer.from(`${file};${name}`).toString('base64url');
}

function isWanted({ rule }: RuleView, { type, names, selectors }: Filter): boolean {
  if (type !== undefined && (rule.kind === 'alerting' ? 'alert' : 'record') !== type) return false;
  if (!takes(names, rule.kind === 'alerting' ? rule.alert : rule.record)) return false;
  return selectors.length === 0 || selectors.some((matchers) => matchesAll(matchers, Labels.of(rule.labels)));
}

function ruleOf({ rule, health, state, alerts }: RuleView, withoutAlerts: boolean): object {
  const own = {
    health: health.health,
    ...(health.lastError !== undefined && { lastError: health.lastError }),
    evaluationTime: health.duration / 1000,
    lastEvaluation: timeOf(health.lastEvaluation),
  };
  if (rule.kind === 'recording') return { name: rule.record, query: rule.expression, labels: rule.labels, ...own, type: 'recording' };
  return {
    state,
    name: rule.alert,
    query: rule.expression,
    duration: rule.holdFor / 1000,
    keepFiringFor: rule.keepFiringFor / 1000,
    labels: rule.labels,
    annotations: rule.annotations,
    ...(!withoutAlerts && { alerts: alerts.filter(isActive).map(alertOf) }),
    ...own,
    type: 'alerting',
  };
}

function isActive({ state }: InstanceView): boolean {
  return state !== 'resolved';
}

function alertOf({ labels, annotations, state, activeAt, keepFiringSince, value }: InstanceView): object {
  return {
    labels,
    annotations,
    state,
    activeAt: timeOf(activeAt),
    ...(keepFiringSince !== undefined && { keepFiringSince: timeOf(keepFiringSince) }),
    value: goFloat(value),
  };
}

/** As Go's `%e` with the shortest digits: `9.5e+00`. */
function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

function timeOf(at: number | undefined): string {
  return at === undefined ? NEVER : new Date(at).toISOString();
}
