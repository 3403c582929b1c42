import { Counter, Gauge, Histogram } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';

/** Names a rule in metrics. */
export interface RuleLabels {
  readonly group: string;
  readonly rule: string;
}

/** What the rules count about themselves. */
export class RuleMetrics {
  readonly #evaluations: Counter;
  readonly #failures: Counter;
  readonly #ruleSeconds: Gauge;
  readonly #groupSeconds: Gauge;
  readonly #missed: Counter;
  readonly #duration: Histogram;
  readonly #storeFailures: Counter;
  readonly #sinkFailures: Counter;
  readonly missedEvents: Counter;

  constructor(registry: Registry, instances: () => Readonly<Record<'pending' | 'firing', number>>) {
    const registers = [registry];
    this.#evaluations = new Counter({ name: 'metrics_dashboard_rule_evaluations_total', help: 'Evaluations of rules', labelNames: ['group', 'rule'], registers });
    this.#failures = new Counter({ name: 'metrics_dashboard_rule_evaluation_failures_total', help: 'Evaluations of rules that failed', labelNames: ['group', 'rule'], registers });
    this.#ruleSeconds = new Gauge({ name: 'metrics_dashboard_rule_last_evaluation_duration_seconds', help: 'How long the last evaluation of a rule took', labelNames: ['group', 'rule'], registers });
    this.#groupSeconds = new Gauge({ name: 'metrics_dashboard_rule_group_last_duration_seconds', help: 'How long the last evaluation of a group of rules took', labelNames: ['group'], registers });
    this.#missed = new Counter({ name: 'metrics_dashboard_rule_group_iterations_missed_total', help: 'Ticks of a group that fell out because the one before took too long', labelNames: ['group'], registers });
    this.#duration = new Histogram({
      name: 'metrics_dashboard_rule_evaluation_duration_seconds',
      help: 'Duration of evaluations of rules',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.#storeFailures = new Counter({ name: 'metrics_dashboard_rule_state_failures_total', help: 'Ticks whose alert states could not be written to the state database, and are written with the next', registers });
    this.#sinkFailures = new Counter({ name: 'metrics_dashboard_rule_alerts_failures_total', help: 'Ticks whose alerts were not taken, and are handed on again with the next', registers });
    this.missedEvents = new Counter({ name: 'metrics_dashboard_rule_events_missed_total', help: 'Alert events that slow watchers missed', registers });
    const alerts = new Gauge({
      name: 'metrics_dashboard_rule_alerts',
      help: 'Alert instances by state',
      labelNames: ['state'],
      registers,
      collect: () => {
        for (const [state, count] of Object.entries(instances())) alerts.set({ state }, count);
      },
    });
  }

  evaluated(labels: RuleLabels, milliseconds: number, isFailure: boolean): void {
    const own = { group: labels.group, rule: labels.rule };
    this.#evaluations.inc(own);
    this.#failures.inc(own, isFailure ? 1 : 0);
    this.#ruleSeconds.set(own, milliseconds / 1000);
    this.#duration.observe(milliseconds / 1000);
  }

  ticked(group: string, milliseconds: number, missed: number): void {
    this.#groupSeconds.set({ group }, milliseconds / 1000);
    this.#missed.inc({ group }, missed);
  }

  notStored(): void {
    this.#storeFailures.inc();
  }

  notTaken(): void {
    this.#sinkFailures.inc();
  }

  /** A rule is no more. */
  forgetRule({ group, rule }: RuleLabels): void {
    for (const metric of [this.#evaluations, this.#failures, this.#ruleSeconds]) metric.remove({ group, rule });
  }

  forgetGroup(group: string): void {
    this.#groupSeconds.remove({ group });
    this.#missed.remove({ group });
  }
}
