import { dirname, resolve } from 'node:path';
import { Labels, ParseError, parseLabelSet, parseSeries } from '@metrics-dashboard/sdk';
import type { Duration, NotedSeries, Timestamp } from '@metrics-dashboard/sdk';
import { z } from 'zod';
import { NOBODY, buildRoutes } from '../alerting/route.js';
import type { Route } from '../alerting/route.js';
import { filesMatching } from '../config/globs.js';
import { readRuleFile } from '../config/rule-files.js';
import { Section, keys, readBy } from '../config/section.js';
import { readAlerting } from '../config/sections/alerting.js';
import { duration, flag, optional, text, textMap, withDefault } from '../config/values.js';

// The format of promtool's unit tests of rules:
// https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/

/** A file of tests. */
export interface RuleTestFile {
  readonly file: string;
  /** Absolute. */
  readonly ruleFiles: readonly string[];
  readonly evaluationInterval: Duration;
  /** Groups that are evaluated in this order; empty: in the order of the files. */
  readonly groupOrder: readonly string[];
  /** Whether values may differ by rounding. */
  readonly isFuzzy: boolean;
  /** The routing tree of `alertmanager_config_file`; undefined: none is named, and only receivers that rules name are told. */
  readonly route: Route | undefined;
  readonly tests: readonly RuleTest[];
}

export interface RuleTest {
  readonly name: string;
  readonly start: Timestamp;
  /** Between the values of the series. */
  readonly interval: Duration;
  readonly series: readonly NotedSeries[];
  readonly expressions: readonly ExpressionTest[];
  readonly alerts: readonly AlertTest[];
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly externalUrl: string;
}

export interface ExpressionTest {
  readonly expression: string;
  /** Since the start. */
  readonly at: Duration;
  readonly expected: readonly { readonly labels: Labels; readonly value: number }[];
}

export interface AlertTest {
  readonly alertname: string;
  /** Since the start. */
  readonly at: Duration;
  readonly expected: readonly ExpectedAlert[];
}

export interface ExpectedAlert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  /** Who is told, in any order; undefined: that is not looked at. */
  readonly receivers: readonly string[] | undefined;
}

const float: z.ZodType<number> = readBy(z.union([z.number(), z.string()]), (value) => {
  if (typeof value === 'number') return value;
  const infinity = /^([+-]?)inf$/i.exec(value);
  if (infinity !== null) return infinity[1] === '-' ? -Infinity : Infinity;
  if (/^nan$/i.test(value)) return NaN;
  if (value.trim() === '' || Number.isNaN(Number(value))) throw new ParseError(`${JSON.stringify(value)} is not a number`);
  return Number(value);
});

const labelSet: z.ZodType<Labels> = readBy(z.string(), (value) => (value.trim() === '' || value.trim() === '{}' ? Labels.EMPTY : parseLabelSet(value)));

/** Seconds since the epoch, or a time as text. */
const timestamp: z.ZodType<Timestamp> = readBy(z.union([z.number(), z.string()]), (value) => {
  const at = typeof value === 'number' ? value * 1000 : /^[\d.]+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  if (!Number.isFinite(at)) throw new ParseError(`${JSON.stringify(value)} is not a time`);
  return at;
});

const sample = keys({ labels: withDefault(labelSet, Labels.EMPTY), value: optional(float), histogram: optional(z.string()) });
const expressionTest = keys({ expr: text, eval_time: withDefault(duration, 0), exp_samples: withDefault(z.array(sample), []) });
const expectedAlert = keys({ exp_labels: withDefault(textMap, {}), exp_annotations: withDefault(textMap, {}), exp_receivers: optional(z.array(text)) });
const alertTest = keys({ eval_time: withDefault(duration, 0), alertname: text, exp_alerts: withDefault(z.array(expectedAlert), []) });

const test = keys({
  name: withDefault(text, ''),
  interval: optional(duration),
  start_timestamp: withDefault(timestamp, 0),
  input_series: withDefault(z.array(keys({ series: z.string(), values: text })), []),
  promql_expr_test: withDefault(z.array(expressionTest), []),
  alert_rule_test: withDefault(z.array(alertTest), []),
  external_labels: withDefault(textMap, {}),
  external_url: withDefault(text, 'http://localhost:9700'),
});

const whole = keys({
  rule_files: withDefault(z.array(z.string().min(1)), []),
  evaluation_interval: withDefault(duration, 60_000),
  group_eval_order: withDefault(z.array(text), []),
  fuzzy_compare: withDefault(flag, false),
  alertmanager_config_file: optional(text),
  tests: withDefault(z.array(test), []),
});

/** Reads a file of tests. Rejects with a `ConfigError` that tells every mistake with its place. */
export async function readRuleTests(file: string): Promise<RuleTestFile> {
  const { document } = await readRuleFile(file);
  const section = new Section(document, [], document.value, []);
  const read = section.read(whole);
  const folder = dirname(resolve(file));
  const ruleFiles = (await Promise.all(read.rule_files.map((pattern) => filesMatching(resolve(folder, pattern))))).flat();
  const evaluationInterval = read.evaluation_interval === 0 ? 60_000 : read.evaluation_interval;
  return {
    file,
    ruleFiles,
    evaluationInterval,
    groupOrder: read.group_eval_order,
    isFuzzy: read.fuzzy_compare,
    route: read.alertmanager_config_file === undefined ? undefined : await readRoutes(resolve(folder, read.alertmanager_config_file)),
    tests: read.tests.map((one, i) => testOf(one, section.inner('tests', i), evaluationInterval)),
  };
}

/** The tree of a configuration of Alertmanager's, or of one of ours that has it. */
async function readRoutes(file: string): Promise<Route> {
  const { document } = await readRuleFile(file);
  const section = new Section(document, [], document.value, []);
  const { route } = readAlerting(section, false, [], { relay: { alertRelabel: [], alertmanagers: [] }, notificationRetention: 0 });
  return buildRoutes(route ?? NOBODY);
}

function testOf(read: z.output<typeof test>, section: Section, evaluationInterval: Duration): RuleTest {
  const number = section.path.at(-1);
  return {
    name: read.name === '' ? `test ${Number(number) + 1}` : read.name,
    start: read.start_timestamp,
    interval: read.interval === undefined || read.interval === 0 ? evaluationInterval : read.interval,
    series: read.input_series.map(({ series, values }, i) => section.inner('input_series', i).read(readBy(z.unknown(), () => noted(series, values)))),
    expressions: read.promql_expr_test.map(({ expr, eval_time, exp_samples }, i) => ({
      expression: expr,
      at: eval_time,
      expected: exp_samples.map(({ labels, value, histogram }) => {
        if (histogram !== undefined) throw section.inner('promql_expr_test', i).error('expects a native histogram, which is not supported');
        return { labels, value: value ?? 0 };
      }),
    })),
    alerts: read.alert_rule_test.map(({ eval_time, alertname, exp_alerts }) => ({
      alertname,
      at: eval_time,
      expected: exp_alerts.map(({ exp_labels, exp_annotations, exp_receivers }) => ({ labels: Labels.of({ ...exp_labels, alertname }), annotations: exp_annotations, receivers: exp_receivers })),
    })),
    externalLabels: read.external_labels,
    externalUrl: read.external_url,
  };
}

function noted(series: string, values: string): NotedSeries {
  if (values.includes('{{')) throw new ParseError('has native histograms, which are not supported');
  return parseSeries(`${series} ${values}`);
}
