import { randomUUID } from 'node:crypto';
import { ConfigError, ConflictError, NotFoundError, QueryError } from '@metrics-dashboard/sdk';
import type { Clock, Duration } from '@metrics-dashboard/sdk';
import { Changes } from '../runtime/changes.js';
import type { StateDatabase } from '../state/database.js';
import type { ThresholdRuleRow } from '../state/rule-tables.js';
import type { RulePreview } from './preview-rule.js';
import type { PreparedGroups } from './rule-manager.js';
import type { AlertingRule, RuleGroup } from './rule.js';
import { assertSense } from './threshold-mistakes.js';
import { alertingRuleOf, groupOf } from './threshold-rule.js';
import type { ThresholdRule, ThresholdRuleSpec } from './threshold-rule.js';

export interface ThresholdRulesOptions {
  /** Throws an `UnavailableError` before the start. */
  readonly database: () => StateDatabase;
  readonly clock: Clock;
  /** Puts the groups of all rules in force. Rejects with a `ConfigError`. */
  readonly prepare: (groups: readonly RuleGroup[]) => Promise<PreparedGroups>;
  /** Evaluates a rule once, as it is. */
  readonly preview: (rule: AlertingRule, limit: number, signal: AbortSignal) => Promise<RulePreview>;
  /** The names of the receivers that there are. */
  readonly receivers: () => ReadonlySet<string>;
}

/** Who changes a rule, and which revision they have seen; 0: there is no such rule yet. */
export interface RuleChange {
  readonly expected: number;
  readonly by: string;
}

/** The most rules that are made by the API. */
const MOST_RULES = 5000;

/** Rules that are made by the API and kept in the state database. Changes are made one after another, and are in force when they resolve. */
export class ThresholdRules {
  readonly #options: ThresholdRulesOptions;
  readonly #changes = new Changes();
  /** Kept, and not evaluated: what they say can't be read any more. */
  readonly #broken = new Set<string>();
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: ThresholdRulesOptions) {
    this.#options = options;
  }

  /** Puts what is kept in force. One that can't be evaluated any more is left out, and told of. */
  async start(onError: (rule: ThresholdRule, error: unknown) => void): Promise<void> {
    const good: RuleGroup[] = [];
    for (const rule of await this.list()) {
      if (!rule.enabled) continue;
      try {
        (await this.#options.prepare([groupOf(rule)])).discard();
        good.push(groupOf(rule));
      } catch (error) {
        this.#broken.add(rule.id);
        onError(rule, error);
      }
    }
    await (await this.#options.prepare(good)).commit();
  }

  /** By name. */
  async list(): Promise<readonly ThresholdRule[]> {
    const rows = await this.#options.database().queries.selectFrom('threshold_rules').selectAll().orderBy('name').execute();
    return rows.map(ruleOf);
  }

  async get(id: string): Promise<ThresholdRule | undefined> {
    const row = await this.#options.database().queries.selectFrom('threshold_rules').selectAll().where('id', '=', id).executeTakeFirst();
    return row && ruleOf(row);
  }

  /** All, then all of them again whenever one was made, changed or deleted, at most once in `every`. Ends when the signal aborts. */
  async *watch(every: Duration, signal: AbortSignal): AsyncGenerator<readonly ThresholdRule[], void, undefined> {
    let seen = -1;
    while (!signal.aborted) {
      await this.#changes.after(seen, signal);
      if (signal.aborted) return;
      seen = this.#changes.count;
      yield await this.list();
      await this.#options.clock.sleep(every, signal);
    }
  }

  /** What a rule would say now, without keeping it. Rejects as `save` does, and as a query does. */
  async preview(spec: ThresholdRuleSpec, limit: number, signal: AbortSignal): Promise<RulePreview> {
    assertSense(spec, this.#options.receivers());
    (await this.#prepared([groupOf(spec)])).discard();
    return this.#options.preview(alertingRuleOf(spec), limit, signal);
  }

  /**
   * Makes a rule, or changes the one of an id. Rejects with a `QueryError` for what makes no sense, a `ConflictError` when
   * somebody changed it meanwhile, and a `NotFoundError`; then nothing has changed.
   */
  save(id: string | undefined, spec: ThresholdRuleSpec, { expected, by }: RuleChange): Promise<ThresholdRule> {
    return this.#inTurn(async () => {
      assertSense(spec, this.#options.receivers());
      const rules = await this.list();
      const before = this.#expected(rules, id, expected);
      if (rules.some((rule) => rule.name === spec.name && rule.id !== id)) throw new QueryError(`name: there is a rule ${JSON.stringify(spec.name)} already`, { path: 'name' });
      if (before === undefined && rules.length >= MOST_RULES) throw new QueryError(`there are ${MOST_RULES} rules, which is the most`);
      const rule: ThresholdRule = { ...spec, id: before?.id ?? randomUUID(), revision: expected + 1, updatedAt: this.#options.clock.now(), updatedBy: by };
      if (rule.enabled) (await this.#prepared([groupOf(rule)])).discard();
      const others = rules.filter((other) => other.id !== rule.id && !this.#broken.has(other.id));
      await this.#putInForce([...others, rule], async () => {
        const row = rowOf(rule);
        const { queries } = this.#options.database();
        const changes = { name: row.name, revision: row.revision, enabled: row.enabled, rule: row.rule, updated_at: row.updated_at, updated_by: row.updated_by };
        await queries.insertInto('threshold_rules').values(row).onConflict((conflict) => conflict.column('id').doUpdateSet(changes)).execute();
      });
      this.#broken.delete(rule.id);
      return rule;
    });
  }

  /** Stops or resumes one; its alert instances end when it stops. */
  async enable(id: string, enabled: boolean, change: RuleChange): Promise<ThresholdRule> {
    const rule = await this.get(id);
    if (rule === undefined) throw new NotFoundError(`there is no rule of the id ${JSON.stringify(id)}`);
    return this.save(id, { ...specOf(rule), enabled }, change);
  }

  delete(id: string, { expected }: RuleChange): Promise<void> {
    return this.#inTurn(async () => {
      const rules = await this.list();
      this.#expected(rules, id, expected);
      await this.#putInForce(rules.filter((rule) => rule.id !== id && !this.#broken.has(rule.id)), async () => {
        await this.#options.database().queries.deleteFrom('threshold_rules').where('id', '=', id).execute();
      });
    });
  }

  #expected(rules: readonly ThresholdRule[], id: string | undefined, expected: number): ThresholdRule | undefined {
    if (id === undefined) return undefined;
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) throw new NotFoundError(`there is no rule of the id ${JSON.stringify(id)}`);
    if (rule.revision !== expected) throw new ConflictError(`the rule ${JSON.stringify(rule.name)} was changed by ${rule.updatedBy} meanwhile`, { expected, met: rule.revision });
    return rule;
  }

  /** Checked first, then kept, then in force: what is kept can always be evaluated. */
  async #putInForce(rules: readonly ThresholdRule[], keep: () => Promise<void>): Promise<void> {
    const prepared = await this.#prepared(rules.filter(({ enabled }) => enabled).map(groupOf));
    try {
      await keep();
    } catch (error) {
      prepared.discard();
      throw error;
    }
    await prepared.commit();
    this.#changes.note();
  }

  /** Who made a rule that can't be read must act, not who runs the server. */
  async #prepared(groups: readonly RuleGroup[]): Promise<PreparedGroups> {
    try {
      return await this.#options.prepare(groups);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      throw new QueryError(error.message, { path: error.path, position: error.position });
    }
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#changing.then(work);
    this.#changing = result.catch(() => undefined);
    return result;
  }
}

const SPECIAL: Readonly<Record<string, number>> = { '+Inf': Infinity, '-Inf': -Infinity };

function rowOf(rule: ThresholdRule): ThresholdRuleRow {
  const { id, revision, updatedAt, updatedBy, ...spec } = rule;
  const json = JSON.stringify(spec, (_, value: unknown) => (value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : value));
  return { id, name: rule.name, revision, enabled: rule.enabled ? 1 : 0, rule: json, updated_at: updatedAt, updated_by: updatedBy };
}

function ruleOf(row: ThresholdRuleRow): ThresholdRule {
  // Written by `rowOf` alone.
  const spec = JSON.parse(row.rule) as ThresholdRuleSpec;
  const number = (value: number | string): number => (typeof value === 'string' ? (SPECIAL[value] ?? NaN) : value);
  const levels = spec.levels.map(({ severity, threshold, resolveThreshold }) => ({ severity, threshold: number(threshold), resolveThreshold: resolveThreshold === undefined ? undefined : number(resolveThreshold) }));
  return { ...spec, levels, flapping: spec.flapping, id: row.id, revision: row.revision, updatedAt: row.updated_at, updatedBy: row.updated_by };
}

function specOf({ id: _id, revision: _revision, updatedAt: _at, updatedBy: _by, ...spec }: ThresholdRule): ThresholdRuleSpec {
  return spec;
}
