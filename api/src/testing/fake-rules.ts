import type { AlertEvent, AlertingRule, HeardEvent, InstanceView, RuleChange, RuleGroupChanges, RuleGroupView, RulePreview, RuleView, ThresholdRule, ThresholdRuleSpec } from '@metrics-dashboard/core';
import { NotFoundError } from '@metrics-dashboard/sdk';

const PLACE = { file: '/etc/rules.yml', path: 'groups[0]', line: 3, column: 5 };
const T0 = 1_767_225_600_000;

const ALERT: InstanceView = {
  fingerprint: '0123456789abcdef',
  groupId: 'aaaaaaaaaaaaaaaa',
  ruleId: 'aaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbb',
  labels: { alertname: 'High', job: 'api', severity: 'page' },
  annotations: { summary: 'too high' },
  state: 'firing',
  value: 9.5,
  activeAt: T0,
  firedAt: T0 + 60_000,
  resolvedAt: undefined,
  keepFiringSince: undefined,
  missingSince: undefined,
  flappingSince: undefined,
};

const HIGH: AlertingRule = {
  kind: 'alerting',
  alert: 'High',
  expression: 'load > 5',
  labels: { severity: 'page' },
  holdFor: 60_000,
  keepFiringFor: 0,
  annotations: { summary: 'too high' },
  condition: undefined,
  missing: 'resolve',
  flapping: undefined,
  receivers: [],
  at: PLACE,
  expressionAt: PLACE,
};

const GOOD = { health: 'ok', lastError: undefined, lastEvaluation: T0, lastGoodEvaluation: T0, duration: 1.5, series: 1 } as const;

const RULES: readonly RuleView[] = [
  { id: ALERT.ruleId, rule: HIGH, health: GOOD, state: 'firing', alerts: [ALERT] },
  {
    id: 'aaaaaaaaaaaaaaaa/cccccccccccccccc',
    rule: { kind: 'recording', record: 'job:load:sum', expression: 'sum by (job) (load)', labels: {}, at: PLACE, expressionAt: PLACE },
    health: { ...GOOD, health: 'err', lastError: 'too many series' },
    state: 'inactive',
    alerts: [],
  },
];

/** One group with one rule of each kind. */
export class FakeRules {
  readonly events: AlertEvent[] = [
    { at: T0 + 60_000, groupId: ALERT.groupId, ruleId: ALERT.ruleId, alertname: 'High', fingerprint: ALERT.fingerprint, state: 'firing', labels: ALERT.labels, annotations: ALERT.annotations, value: 9.5 },
  ];

  groups(): readonly RuleGroupView[] {
    const group = { file: '/etc/rules.yml', name: 'load', interval: 15_000, queryOffset: 0, limit: 0, rules: RULES.map(({ rule }) => rule), at: PLACE };
    return [{ id: ALERT.groupId, group, lastEvaluation: T0, duration: 2, missed: 1, rules: RULES }];
  }

  async *watchGroups(): AsyncGenerator<RuleGroupChanges, void, undefined> {
    yield { groups: this.groups(), gone: [] };
    yield { groups: [], gone: [ALERT.groupId] };
  }

  async *watch(): AsyncGenerator<HeardEvent, void, undefined> {
    for (const event of this.events) yield { event, missed: 0 };
  }

  async history(): Promise<readonly AlertEvent[]> {
    return this.events;
  }
}

/** Keeps rules in memory; whatever they say. */
export class FakeThresholdRules {
  readonly rules: ThresholdRule[] = [];
  #refusal: Error | undefined;

  /** Every change is refused from now on. */
  refuseWith(error: Error): void {
    this.#refusal = error;
  }

  async list(): Promise<readonly ThresholdRule[]> {
    return this.rules;
  }

  async *watch(): AsyncGenerator<readonly ThresholdRule[], void, undefined> {
    yield this.rules;
  }

  async preview({ name, annotations }: ThresholdRuleSpec): Promise<RulePreview> {
    return { at: T0, series: 3, met: 1, instances: [{ labels: { alertname: name }, annotations, value: 9.5, severity: undefined, isMet: true }], warnings: [] };
  }

  async get(id: string): Promise<ThresholdRule | undefined> {
    return this.rules.find((rule) => rule.id === id);
  }

  async save(id: string | undefined, spec: ThresholdRuleSpec, { expected, by }: RuleChange): Promise<ThresholdRule> {
    if (this.#refusal !== undefined) throw this.#refusal;
    const rule = { ...spec, id: id ?? `rule-${this.rules.length + 1}`, revision: expected + 1, updatedAt: T0, updatedBy: by };
    this.rules.push(rule);
    return rule;
  }

  async enable(id: string, enabled: boolean, change: RuleChange): Promise<ThresholdRule> {
    const rule = await this.get(id);
    if (rule === undefined) throw new NotFoundError(`no rule ${id}`);
    return this.save(id, { ...rule, enabled }, change);
  }

  async delete(): Promise<void> {
    this.rules.length = 0;
  }
}
