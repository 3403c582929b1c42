import { MetricsDashboardError, QueryError, messageOf, staleColumn } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Label, Timestamp } from '@metrics-dashboard/sdk';
import type { Engine } from '../engine/engine.js';
import { seriesAbout } from './alert-instance.js';
import type { AlertInstance } from './alert-instance.js';
import { compileRule } from './compiled-rule.js';
import type { CompiledRule } from './compiled-rule.js';
import { evaluateAlerts } from './evaluate-alerts.js';
import type { AlertInstances } from './evaluate-alerts.js';
import type { TemplateWorld } from './rule-template.js';
import type { AlertingRule, RecordingRule, Rule } from './rule.js';

/** What a rule's evaluations need. */
export interface RunnerWorld {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly templates: TemplateWorld;
}

/** One evaluation of a rule. */
export interface Evaluation {
  /** When: the tick, less the group's offset. */
  readonly at: Timestamp;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** How a rule does. */
export interface RuleHealth {
  readonly health: 'unknown' | 'ok' | 'err';
  readonly lastError: string | undefined;
  /** The last time it was evaluated, well or not. */
  readonly lastEvaluation: Timestamp | undefined;
  readonly lastGoodEvaluation: Timestamp | undefined;
  readonly duration: Duration;
  /** Series that the last good evaluation gave, or alert instances that are pending or firing. */
  readonly series: number;
}

const UNKNOWN: RuleHealth = { health: 'unknown', lastError: undefined, lastEvaluation: undefined, lastGoodEvaluation: undefined, duration: 0, series: 0 };

/** A rule between its evaluations. */
export class RuleRunner {
  readonly id: string;
  readonly #world: RunnerWorld;
  #compiled: CompiledRule | undefined;
  #rule: Rule;
  #health: RuleHealth = UNKNOWN;
  #instances: AlertInstances = new Map();
  /** The series about instances that were written last. */
  #written: ReadonlySet<readonly Label[]> = new Set();
  /** Until when the absence of a restored instance's series means nothing. */
  #unsettledUntil: Timestamp = 0;
  #unsettled: ReadonlySet<string> = new Set();

  /** Throws a `ConfigError` for templates that can't be read. */
  constructor(id: string, rule: Rule, world: RunnerWorld) {
    this.id = id;
    this.#world = world;
    this.#rule = rule;
    this.#compiled = rule.kind === 'alerting' ? compileRule(rule) : undefined;
  }

  get rule(): Rule {
    return this.#rule;
  }

  get health(): RuleHealth {
    return this.#health;
  }

  get instances(): AlertInstances {
    return this.#instances;
  }

  /** Goes on with what the runner of the same rule, as it was written before, has met. */
  adopt(former: RuleRunner): void {
    this.#health = former.#health;
    this.#instances = former.#instances;
    this.#written = former.#written;
    this.#unsettled = former.#unsettled;
    this.#unsettledUntil = former.#unsettledUntil;
  }

  /** Goes on with what was kept when the server was here last. */
  restore(instances: readonly AlertInstance[], unsettledUntil: Timestamp): void {
    this.#instances = new Map(instances.map((instance) => [instance.labels.key, instance]));
    this.#written = new Set(instances.flatMap((instance) => seriesAbout(instance).map(([labels]) => labels)));
    this.#unsettled = new Set(this.#instances.keys());
    this.#unsettledUntil = unsettledUntil;
  }

  /** Evaluates the rule once. What goes wrong is in its health; false then, and the instances are as they were. */
  async evaluate(evaluation: Evaluation): Promise<boolean> {
    const { clock } = this.#world;
    const start = clock.elapsed();
    const base = { lastEvaluation: clock.now(), lastGoodEvaluation: this.#health.lastGoodEvaluation };
    try {
      const series = this.#rule.kind === 'recording' ? await this.#record(this.#rule, evaluation) : await this.#alert(this.#rule, evaluation);
      this.#health = { ...base, health: 'ok', lastError: undefined, lastGoodEvaluation: base.lastEvaluation, duration: clock.elapsed() - start, series };
      return true;
    } catch (error) {
      if (evaluation.signal.aborted) return false;
      // What nobody foresaw is a fault of the program, and is told as one.
      const said = error instanceof MetricsDashboardError ? messageOf(error) : `unexpected: ${messageOf(error)}`;
      this.#health = { ...base, health: 'err', lastError: said, duration: clock.elapsed() - start, series: this.#health.series };
      return false;
    }
  }

  /** The rule is no more: what it wrote ends. */
  async end(at: Timestamp): Promise<void> {
    if (this.#rule.kind === 'recording') await this.#world.engine.endRecording(this.id, at);
    else await this.#write([], [...this.#written], at);
  }

  async #record({ expression, record, labels }: RecordingRule, { at, limit, signal }: Evaluation): Promise<number> {
    const report = await this.#world.engine.record({ rule: this.id, expression, at, metric: record, labels: Object.entries(labels), limit }, signal);
    if (report.refused > 0) throw new QueryError(`${report.refused} of its ${report.series} series were refused by limits of cardinality`, { reason: 'execution' });
    return report.series;
  }

  async #alert(rule: AlertingRule, { at, limit, signal }: Evaluation): Promise<number> {
    const compiled = (this.#compiled ??= compileRule(rule));
    const result = await this.#world.engine.query({ expression: compiled.question, time: { kind: 'instant', at } }, signal);
    const isUnsettled = (key: string): boolean => at < this.#unsettledUntil && this.#unsettled.has(key);
    const after = await evaluateAlerts({ compiled, before: this.#instances, result, now: at, limit, world: this.#world.templates, isUnsettled });
    this.#settle(result.series.length, after, at);
    const samples = [...after.values()].flatMap(seriesAbout);
    const written = new Set(samples.map(([labels]) => labels));
    await this.#write(samples, [...this.#written].filter((labels) => !written.has(labels)), at);
    this.#written = written;
    this.#instances = after;
    return [...after.values()].filter(({ life }) => life.state === 'pending' || life.state === 'firing').length;
  }

  /** An instance that an evaluation spoke of is settled: from then on its absence means what it says. */
  #settle(series: number, after: AlertInstances, at: Timestamp): void {
    if (this.#unsettled.size === 0) return;
    if (at >= this.#unsettledUntil) this.#unsettled = new Set();
    else if (series > 0) this.#unsettled = new Set([...this.#unsettled].filter((key) => after.get(key) === this.#instances.get(key)));
  }

  async #write(samples: ReturnType<typeof seriesAbout>, ended: readonly (readonly Label[])[], at: Timestamp): Promise<void> {
    const series = [...samples.map(([labels]) => labels), ...ended];
    if (series.length === 0) return;
    const values = new Float64Array(series.length);
    for (const [i, [, value]] of samples.entries()) values[i] = value;
    for (let i = samples.length; i < series.length; i++) values.set(staleColumn(), i);
    await this.#world.engine.write({ series, times: new Float64Array(series.length).fill(at), values });
  }
}
