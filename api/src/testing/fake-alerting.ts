import type { AlertMessage, AlertView, App, GroupView, NotificationRecord, SilenceRequest, SilenceView } from '@metrics-dashboard/core';
import { Labels, NotFoundError } from '@metrics-dashboard/sdk';
import type { Matcher } from '@metrics-dashboard/sdk';

type AlertingPort = App['alerting'];
type DeskPort = AlertingPort['desk'];
type ShownReceiver = ReturnType<DeskPort['list']>[number];

const AT = 1_767_225_600_000;
const TIMES = { groupWait: 30_000, groupInterval: 300_000, repeatInterval: 14_400_000 };

/** Alerting that keeps what it is told, and tells nobody. */
export class FakeAlerting implements AlertingPort {
  readonly accepted: AlertMessage[] = [];
  readonly silencesById = new Map<string, SilenceView>();
  readonly alert: AlertView = {
    labels: Labels.of({ alertname: 'Down', job: 'api' }),
    annotations: { summary: 'api is down' },
    startsAt: AT,
    endsAt: AT + 300_000,
    isTimeout: true,
    updatedAt: AT,
    generatorUrl: 'http://127.0.0.1/graph',
    fingerprint: '00c0ffee00c0ffee',
    receivers: [],
    isResolved: false,
    receiverNames: ['team'],
    silencedBy: [],
    inhibitedBy: [],
    mutedBy: [],
    heldBy: undefined,
  };
  readonly group: GroupView = { key: 'k', groupKey: '{}:{alertname="Down"}', receiver: 'team', labels: Labels.of({ alertname: 'Down' }), nextFlush: AT + 30_000, alerts: [this.alert] };
  readonly record: NotificationRecord = {
    id: 'n1',
    at: AT,
    endedAt: AT + 20,
    channel: 'team/webhook/0',
    receiver: 'team',
    groupKey: this.group.groupKey,
    status: 'firing',
    reason: 'first',
    outcome: 'delivered',
    attempts: 1,
    error: undefined,
    idempotencyKey: 'i1',
    alerts: [{ fingerprint: this.alert.fingerprint, labels: { alertname: 'Down', job: 'api' }, status: 'firing' }],
  };

  async accept(messages: readonly AlertMessage[]): Promise<void> {
    this.accepted.push(...messages);
  }

  alerts(): readonly AlertView[] {
    return [this.alert];
  }

  groups(): readonly GroupView[] {
    return [this.group];
  }

  async *watch(): AsyncGenerator<readonly GroupView[], void, undefined> {
    yield this.groups();
  }

  explain(fingerprint: string): ReturnType<App['alerting']['explain']> {
    if (fingerprint !== this.alert.fingerprint) return undefined;
    const channels = [{ channel: 'team/webhook/0', toldAt: AT, toldAs: 'firing' as const, decision: { notify: false as const, reason: 'nothing-new' as const, at: AT }, isUnderWay: false }];
    return { fingerprint, groups: [{ groupKey: this.group.groupKey, receiver: 'team', route: '{}', nextFlush: AT + 30_000, heldBy: undefined, channels }] };
  }

  silences(): readonly SilenceView[] {
    return [...this.silencesById.values()];
  }

  silence(id: string): SilenceView | undefined {
    return this.silencesById.get(id);
  }

  async setSilence(id: string | undefined, request: SilenceRequest): Promise<SilenceView> {
    const silence: SilenceView = { ...request, id: id ?? `s${this.silencesById.size + 1}`, updatedAt: AT, hasMuted: false, isReminded: false, state: 'active' };
    this.silencesById.set(silence.id, silence);
    return silence;
  }

  async expireSilence(id: string): Promise<SilenceView> {
    const silence = this.silencesById.get(id);
    if (silence === undefined) throw new NotFoundError(`there is no silence ${JSON.stringify(id)}`);
    const expired = { ...silence, state: 'expired' as const };
    this.silencesById.set(id, expired);
    return expired;
  }

  preview(matchers: readonly Matcher[]): readonly AlertView[] {
    return matchers.every((one) => one.matches(this.alert.labels.get(one.name))) ? [this.alert] : [];
  }

  readonly desk = new FakeDesk();

  routes(): ReturnType<AlertingPort['routes']> {
    return [{ id: '0', parent: undefined, depth: 0, receiver: 'team', matchers: [], groupBy: ['alertname'], groupsByAll: false, ...TIMES, continues: false, muteTimeIntervals: [], activeTimeIntervals: [] }];
  }

  routeOf(labels: Labels): ReturnType<AlertingPort['routeOf']> {
    return [{ route: '0', receiver: 'team', groupLabels: labels, ...TIMES, mutedBy: [] }];
  }

  sampleFor(receiver: string): ReturnType<AlertingPort['sampleFor']> {
    const empty = { groupLabels: Labels.EMPTY, commonLabels: Labels.EMPTY, commonAnnotations: {}, alerts: [], omitted: 0, externalUrl: '', texts: {} };
    return { receiver, groupKey: 'g', idempotencyKey: 'i', status: 'firing', reason: 'test', ...empty };
  }

  async history(): Promise<readonly NotificationRecord[]> {
    return [this.record];
  }

  async *watchNotifications(): AsyncGenerator<NotificationRecord, void, undefined> {
    yield this.record;
  }
}

/** Keeps receivers as they are, and sends nothing. */
class FakeDesk implements DeskPort {
  readonly #own = new Map<string, ShownReceiver>();

  names = (): readonly string[] => ['team', ...this.#own.keys()];
  list = (): readonly ShownReceiver[] => [...this.#own.values()];
  isOwn = (name: string): boolean => this.#own.has(name);
  kinds = (): ReturnType<DeskPort['kinds']> => [{ kind: 'webhook', plugin: 'notifier-webhook', configSchema: { type: 'object' } }];
  test: DeskPort['test'] = async ({ name, channels }) => channels.map(({ kind }, i) => ({ channel: `${name}/${kind}/${i}`, kind, delivered: true, error: undefined, took: 3 }));
  preview: DeskPort['preview'] = async ({ name, channels }) => channels.map(({ kind }, i) => ({ channel: `${name}/${kind}/${i}`, kind, texts: { payload: 'x' } }));
  previewOf: DeskPort['previewOf'] = (channel) => ({ channel, kind: 'slack', texts: { title: '[FIRING:1] TestNotification' } });
  expand: DeskPort['expand'] = ({ text }) => text;

  async save(draft: ShownReceiver): Promise<ShownReceiver> {
    this.#own.set(draft.name, draft);
    return draft;
  }

  async remove(name: string): Promise<void> {
    this.#own.delete(name);
  }
}
