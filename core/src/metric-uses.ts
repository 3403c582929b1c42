import type { Dashboards } from './dashboard/dashboards.js';
import { askedBy } from './query/selectors.js';
import type { RuleManager } from './rules/rule-manager.js';
import { nameOf } from './rules/rule.js';

/** A place that asks for a metric. */
export interface MetricUse {
  readonly kind: 'dashboard' | 'rule';
  /** Of the dashboard; of the rule, its group and name. */
  readonly id: string;
  /** For people: `Requests › Errors by code`. */
  readonly title: string;
  readonly expression: string;
}

/** Something that holds expressions, and says which. */
export interface ExpressionSource {
  expressions(): Promise<readonly MetricUse[]>;
}

/** The most uses of one metric that are told. */
const MOST_USES = 100;

/** Which of all known expressions ask for metrics: what somebody should know before they drop one. */
export class MetricUses {
  readonly #sources: readonly ExpressionSource[];

  constructor(sources: readonly ExpressionSource[]) {
    this.#sources = sources;
  }

  /** By metric; one that nothing asks for has an empty list. */
  async of(metrics: readonly string[]): Promise<ReadonlyMap<string, readonly MetricUse[]>> {
    const usesByMetric = new Map(metrics.map((metric): [string, MetricUse[]] => [metric, []]));
    for (const use of (await Promise.all(this.#sources.map((source) => source.expressions()))).flat()) {
      const asksFor = askedBy(use.expression);
      for (const [metric, uses] of usesByMetric) if (uses.length < MOST_USES && asksFor(metric)) uses.push(use);
    }
    return usesByMetric;
  }
}

/** The expressions of all rules. */
export function ruleExpressions(rules: Pick<RuleManager, 'groups'>): ExpressionSource {
  return {
    expressions: () =>
      Promise.resolve(
        rules.groups().flatMap(({ group, rules: own }) =>
          own.map(({ id, rule }): MetricUse => ({ kind: 'rule', id, title: `${group.name} › ${nameOf(rule)}`, expression: rule.expression })),
        ),
      ),
  };
}

/** The expressions of all dashboards: of their panels, and of their variables. */
export function dashboardExpressions(dashboards: Pick<Dashboards, 'list' | 'get'>): ExpressionSource {
  return {
    expressions: async () => {
      const uses: MetricUse[] = [];
      for (const { id } of await dashboards.list('')) {
        const document = (await dashboards.get(id))?.document;
        if (document === undefined) continue;
        const add = (part: string, expression: string): void => void uses.push({ kind: 'dashboard', id, title: `${document.title} › ${part}`, expression });
        for (const panel of document.panels) {
          if ('queries' in panel) for (const { expression } of panel.queries) add(panel.title, expression);
        }
        for (const variable of document.variables) if (variable.kind === 'query') add(`$${variable.name}`, variable.expression);
      }
      return uses;
    },
  };
}
