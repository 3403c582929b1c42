import { Labels, formatDuration, messageOf } from '@metrics-dashboard/sdk';
import type { Alert, Clock, Logger, Notification, NotifierChannel, TargetDiscovery } from '@metrics-dashboard/sdk';
import { Counter, Gauge } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import { compileRelabel } from '../ingest/relabel.js';
import type { Relabel } from '../ingest/relabel.js';
import type { NamedConfig } from '../plugin/plugin-config.js';
import type { AlertMessage } from './alert-message.js';
import type { AlertmanagersConfig, RelayConfig } from './alerting-config.js';
import { attempt } from './attempts.js';
import type { PreparedChannels } from './channels.js';
import { fingerprintOf } from './fingerprint.js';

export interface AlertRelayOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly openDiscovery: (named: NamedConfig) => Promise<TargetDiscovery>;
  readonly openNotifier: (named: NamedConfig) => Promise<NotifierChannel>;
}

/** So many alerts wait to be sent on; the oldest of more are left out, for they are heard of again. */
const MOST_WAITING = 10_000;
/** So many go into one message. */
const BATCH = 64;
/** The path that alerts are posted to, behind what a configuration puts before it. */
const ALERTS_PATH = '/api/v2/alerts';

/** One Alertmanager. */
interface Peer {
  readonly url: string;
  readonly channel: NotifierChannel;
  readonly timeout: number;
  readonly relabel: Relabel;
}

/** An entry of the configuration, with the peers that it leads to now. */
interface Source {
  readonly config: AlertmanagersConfig;
  readonly discoveries: readonly TargetDiscovery[];
  readonly relabel: Relabel;
  readonly alertRelabel: Relabel;
  readonly found: Map<number, readonly Peer[]>;
}

/** Sends the alerts of our rules on to the Alertmanagers that the configuration names. What none of them takes is not kept: rules tell it again. */
export class AlertRelay {
  readonly #options: AlertRelayOptions;
  readonly #sent: Counter;
  readonly #errors: Counter;
  readonly #dropped: Counter;
  readonly #closing = new AbortController();
  readonly #waiting = new Map<string, AlertMessage>();
  #alertRelabel: Relabel = (labels) => labels;
  #sources: readonly Source[] = [];
  #watching = new AbortController();
  #watches: Promise<unknown> = Promise.resolve();
  #sending: Promise<void> | undefined;

  constructor(options: AlertRelayOptions) {
    this.#options = options;
    const registers = [options.metrics];
    const name = (rest: string): string => `metrics_dashboard_alertmanager_${rest}`;
    this.#sent = new Counter({ name: name('alerts_sent_total'), help: 'Alerts that an Alertmanager took.', labelNames: ['alertmanager'], registers });
    this.#errors = new Counter({ name: name('errors_total'), help: 'Messages that an Alertmanager did not take.', labelNames: ['alertmanager'], registers });
    this.#dropped = new Counter({ name: name('alerts_dropped_total'), help: 'Alerts that no Alertmanager took, or that had no room to wait.', registers });
    const peers: Gauge = new Gauge({ name: `${name('peers')}`, help: 'Alertmanagers that are sent alerts.', registers, collect: () => peers.set(this.peers().length) });
  }

  /** Checks and opens what a configuration names. Rejects with a `ConfigError`, and then nothing has changed. */
  async prepare({ alertRelabel, alertmanagers }: RelayConfig): Promise<PreparedChannels> {
    const sources: Source[] = [];
    for (const config of alertmanagers) {
      // A wrong option shows at once, not when the first Alertmanager is found.
      await this.#options.openNotifier(channelOf(config, `http://localhost${ALERTS_PATH}`));
      const discoveries = await Promise.all(config.discoveries.map((named) => this.#options.openDiscovery(named)));
      sources.push({ config, discoveries, relabel: compileRelabel(config.relabel), alertRelabel: compileRelabel(config.alertRelabel), found: new Map() });
    }
    return {
      commit: () => {
        this.#watching.abort();
        this.#watching = new AbortController();
        this.#sources = sources;
        this.#alertRelabel = compileRelabel(alertRelabel);
        const { signal } = this.#watching;
        const before = this.#watches;
        this.#watches = Promise.all([before, ...sources.flatMap((source) => source.discoveries.map((discovery, i) => this.#watch(source, discovery, i, signal)))]);
      },
      discard: () => Promise.resolve(),
    };
  }

  /** The addresses that alerts are posted to. */
  peers(): readonly string[] {
    return this.#peers().map(({ url }) => url);
  }

  /** Sends these on, soon. */
  send(alerts: readonly AlertMessage[]): void {
    if (this.#sources.length === 0 || this.#closing.signal.aborted) return;
    for (const alert of alerts) {
      const labels = this.#alertRelabel(alert.labels);
      if (labels === undefined || labels.size === 0) continue;
      this.#waiting.delete(labels.key);
      this.#waiting.set(labels.key, { ...alert, labels });
    }
    for (const key of this.#waiting.keys()) {
      if (this.#waiting.size <= MOST_WAITING) break;
      this.#waiting.delete(key);
      this.#dropped.inc();
    }
    this.#sending ??= this.#drain().finally(() => (this.#sending = undefined));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#watching.abort();
    await this.#sending;
    await this.#watches;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.size > 0 && !this.#closing.signal.aborted) {
      const batch = [...this.#waiting].slice(0, BATCH);
      for (const [key] of batch) this.#waiting.delete(key);
      const messages = batch.map(([, message]) => message);
      const taken = await Promise.all(this.#peers().map((peer) => this.#deliver(peer, messages)));
      if (!taken.includes(true)) this.#dropped.inc(messages.length);
    }
  }

  async #deliver({ url, channel, timeout, relabel }: Peer, messages: readonly AlertMessage[]): Promise<boolean> {
    const alerts = messages.flatMap((message) => {
      const labels = relabel(message.labels);
      return labels === undefined || labels.size === 0 ? [] : [this.#told({ ...message, labels })];
    });
    if (alerts.length === 0) return true;
    const error = await attempt(channel, notificationWith(alerts), this.#options.clock, timeout, this.#closing.signal);
    if (error === undefined) this.#sent.inc({ alertmanager: url }, alerts.length);
    else {
      this.#errors.inc({ alertmanager: url });
      this.#options.log.warn('alerts were not taken by an alertmanager', { alertmanager: url, alerts: alerts.length, error });
    }
    return error === undefined;
  }

  #told({ labels, annotations, startsAt, endsAt, generatorUrl }: AlertMessage): Alert {
    const now = this.#options.clock.now();
    const status = endsAt !== undefined && endsAt <= now ? 'resolved' : 'firing';
    return { labels, annotations, status, startsAt: startsAt ?? now, endsAt, generatorUrl, fingerprint: fingerprintOf(labels) };
  }

  #peers(): readonly Peer[] {
    const all = this.#sources.flatMap(({ found }) => [...found.values()].flat());
    return [...new Map(all.map((peer) => [peer.url, peer])).values()];
  }

  async #watch(source: Source, discovery: TargetDiscovery, i: number, signal: AbortSignal): Promise<void> {
    const known = new Map<string, Peer>();
    try {
      for await (const groups of discovery.watch(signal)) {
        const urls = new Set(groups.flatMap(({ targets, labels }) => targets.flatMap((address) => urlOf(source, address, labels) ?? [])));
        const peers = await Promise.all([...urls].map(async (url) => known.get(url) ?? (await this.#open(source, url))));
        for (const peer of peers) known.set(peer.url, peer);
        source.found.set(i, peers);
      }
    } catch (error) {
      if (!signal.aborted) this.#options.log.error('a discovery of alertmanagers ended', { error: messageOf(error) });
    }
  }

  async #open({ config, alertRelabel }: Source, url: string): Promise<Peer> {
    return { url, timeout: config.timeout, relabel: alertRelabel, channel: await this.#options.openNotifier(channelOf(config, url)) };
  }
}

/** The notifier `alertmanager` posts alerts as they are. */
function channelOf({ timeout, http, at }: AlertmanagersConfig, url: string): NamedConfig {
  return { kind: 'alertmanager', config: { url, timeout: formatDuration(timeout), http_config: http }, at };
}

function urlOf({ config, relabel }: Source, address: string, labels: Readonly<Record<string, string>>): string | undefined {
  const found = relabel(Labels.of({ ...labels, __address__: address, __scheme__: config.scheme, __alerts_path__: `${config.pathPrefix}${ALERTS_PATH}` }));
  return found && `${found.get('__scheme__')}://${found.get('__address__')}${found.get('__alerts_path__')}`;
}

function notificationWith(alerts: readonly Alert[]): Notification {
  return {
    receiver: 'alertmanager',
    groupKey: '',
    idempotencyKey: '',
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    reason: 'repeat',
    groupLabels: Labels.EMPTY,
    commonLabels: Labels.EMPTY,
    commonAnnotations: {},
    alerts,
    omitted: 0,
    externalUrl: '',
    texts: {},
  };
}
