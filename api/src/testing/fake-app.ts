import type { App, Authenticator, Channels, Config, Dashboard, DashboardChange, DashboardRevision, DashboardSummary, GroupPush, LiveEvent, LiveRequest, MetricUses, PluginStatus, PushGroups, Snapshots, ResolvedVariable, StoredDashboard, TargetStatus, TargetTrace, Targets } from '@metrics-dashboard/core';
import { dashboardSchema, systemClock } from '@metrics-dashboard/core';
import { AuthError, ConflictError, DeliveryError } from '@metrics-dashboard/sdk';
import type { Credentials, Duration, Labels, Logger, Principal, Role } from '@metrics-dashboard/sdk';
import { Registry } from '@metrics-dashboard/sdk/metrics';
import { FakeAlerting } from './fake-alerting.js';
import { FakeEngine } from './fake-engine.js';
import { FakeRules, FakeThresholdRules } from './fake-rules.js';

const SILENT: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, with: () => SILENT };

const CONFIG: Config = {
  file: 'metrics-dashboard.yml',
  global: { scrapeInterval: 15_000, scrapeTimeout: 10_000, evaluationInterval: 15_000, ruleQueryOffset: 0, externalLabels: {}, nameValidation: 'utf8' },
  scrapeConfigs: [],
  ruleGroups: [],
  alertHistoryRetention: 90 * 24 * 3600_000,
  storage: { backend: { kind: 'tsdb', config: { retention: '15d' }, at: { file: undefined, path: 'storage', line: undefined, column: undefined } } },
  limits: {
    seriesPerMetric: 10_000,
    seriesPerMetricPolicy: 'reject',
    querySeries: 50_000,
    querySamples: 50_000_000,
    queryTimeout: 120_000,
    variableOptions: 1000,
  },
  otlp: { promoteResourceAttributes: [] },
  auth: undefined,
  alerting: { resolveTimeout: 300_000, route: undefined, receivers: [], inhibitRules: [], timeIntervals: {}, templates: [], relay: { alertRelabel: [], alertmanagers: [] }, notificationRetention: 30 * 24 * 3600_000 },
  plugins: [],
  dashboards: [],
  selfScrape: true,
  warnings: ['metrics-dashboard.yml:3:1: rule_files is not acted on yet'],
};

const TARGET: TargetStatus = {
  id: 'api-1',
  scrapePool: 'api',
  url: 'http://127.0.0.1:9100/metrics',
  labels: [{ name: 'job', value: 'api' }],
  discoveredLabels: [{ name: '__address__', value: '127.0.0.1:9100' }],
  health: 'up',
  lastError: undefined,
  lastScrape: 1_767_225_600_000,
  lastScrapeSeconds: 0.01,
  samples: 7,
  interval: 15_000,
  timeout: 10_000,
};

const TRACE: TargetTrace = {
  id: 'dropped-1',
  scrapePool: 'api',
  discoveredLabels: TARGET.discoveredLabels,
  steps: [
    {
      rule: { action: 'keep', sourceLabels: ['zone'], separator: ';', targetLabel: '', regex: 'a', modulus: 0, replacement: '$1' },
      before: TARGET.discoveredLabels,
      after: undefined,
    },
  ],
  droppedBy: 0,
  labels: undefined,
  error: undefined,
};

type DashboardsPort = App['dashboards'];

/** A program without a data folder: what the API sees of one, small and in memory. */
export class FakeApp implements App {
  readonly version = '1.2.3';
  readonly startedAt = 1_767_225_600_000;
  readonly log: Logger = SILENT;
  readonly clock = systemClock;
  readonly metrics = new Registry();
  readonly engine = new FakeEngine();
  readonly live = new FakeLive();
  readonly tokens = new Map<string, Principal>();
  readonly activeTargets: TargetStatus[] = [TARGET, { ...TARGET, id: 'api-2', health: 'down', lastError: 'connection refused' }];
  anonymous: Principal | undefined = principal('local', 'admin');
  current: Config = CONFIG;
  ready = true;
  reloads: (() => Promise<void>)[] = [];

  readonly pushed: GroupPush[] = [];
  readonly removed: Labels[] = [];

  readonly pushGroups: PushGroups = {
    push: async (push) => {
      this.pushed.push(push);
      if (this.engine.report instanceof Error) throw this.engine.report;
      return this.engine.report;
    },
    remove: async (labels) => void this.removed.push(labels),
  };

  /** The folder that is copied when a backup is asked for. */
  backupFolder = import.meta.dirname;
  readonly snapshots: Snapshots = {
    take: ({ withHead }) => Promise.resolve(withHead ? '20260101T000000Z-0' : '20260101T000000Z-1'),
    backUp: () => Promise.resolve({ folder: this.backupFolder, remove: async () => void (this.backupFolder = '') }),
  };

  readonly targets: Targets = {
    active: () => this.activeTargets,
    dropped: () => [{ id: 'dropped-1', scrapePool: 'api', discoveredLabels: TARGET.discoveredLabels, error: undefined }],
    trace: (id) => (id === 'dropped-1' ? TRACE : undefined),
    watch: (_every: Duration, signal: AbortSignal) => once(this.activeTargets, signal),
  };

  readonly alerting = new FakeAlerting();

  readonly rules = new FakeRules();

  readonly thresholdRules = new FakeThresholdRules();

  readonly metricUses: MetricUses = {
    of: async (metrics) => new Map(metrics.map((metric) => [metric, [{ kind: 'dashboard' as const, id: 'home', title: 'Home › Up', expression: metric }]])),
  };

  readonly channels: Channels = {
    list: () => [{ id: 'team/webhook/0', receiver: 'team', kind: 'webhook' }],
    test: async (id: string) => {
      if (id !== 'team/webhook/0') throw new DeliveryError('post notification: 503 Service Unavailable', true);
    },
    health: () => ({ isFailing: true, delivered: 7, failed: 1, underWay: 0, lastDeliveredAt: 1000, lastErrorAt: 2000, lastError: 'post notification: 503 Service Unavailable' }),
  };

  readonly auth: Authenticator = new FakeAuthenticator(this);

  config(): Config {
    return this.current;
  }

  readonly dashboards = new FakeDashboards();

  async plugins(): Promise<readonly PluginStatus[]> {
    const contributions = [{ point: 'storage' as const, name: 'tsdb' }];
    return [{ id: 'tsdb', specifier: 'storage-tsdb', version: '1.0.0', side: 'engine' as const, state: 'active' as const, error: undefined, contributions }];
  }

  async start(): Promise<void> {
    this.ready = true;
  }

  isReady(): boolean {
    return this.ready;
  }

  async reload(): Promise<void> {
    await this.reloads.shift()?.();
  }

  async close(): Promise<void> {}
}

const HOME = dashboardSchema.parse({ version: 1, id: 'home', title: 'Home', panels: [{ kind: 'text', id: 'p1', position: { x: 0, y: 0, width: 12, height: 8 } }] });

/** Knows the home dashboard, as one that was saved once. */
class FakeDashboards implements DashboardsPort {
  readonly #home: StoredDashboard = { document: HOME, revision: 1, updatedAt: 1000, updatedBy: 'local', provisioned: { file: 'home.json', drift: [{ path: 'title', before: 'House', after: 'Home' }] } };

  get = (id: string): Promise<StoredDashboard | undefined> => Promise.resolve(id === 'home' ? this.#home : undefined);
  list = (): Promise<readonly DashboardSummary[]> => Promise.resolve([{ id: 'home', title: 'Home', description: '', folder: '', tags: [], revision: 1, updatedAt: 1000, updatedBy: 'local', file: undefined }]);
  history = (): Promise<readonly DashboardRevision[]> => Promise.resolve([{ revision: 1, at: 1000, by: 'local', message: '', deleted: false }]);
  at = (): Promise<Dashboard> => Promise.resolve(HOME);
  restore = (): Promise<StoredDashboard> => Promise.resolve(this.#home);
  takeFile = (): Promise<StoredDashboard> => Promise.resolve(this.#home);
  remove = (): Promise<void> => Promise.resolve();
  check = (document: unknown): readonly string[] => (document === HOME ? [] : ['version: expected 1']);
  variables = (): Promise<readonly ResolvedVariable[]> =>
    Promise.resolve([{ name: 'job', options: [{ value: 'api', text: 'api' }], more: false, chosen: { name: 'job', values: ['api'] }, error: undefined }]);

  save = (_document: unknown, { expected }: DashboardChange): Promise<StoredDashboard> =>
    expected === 1 ? Promise.resolve(this.#home) : Promise.reject(new ConflictError('somebody was faster', { expected, met: 1 }, ['title: "a", now "b"']));
}

/** Knows the tokens of its program; a user's token is `name:password`. */
class FakeAuthenticator implements Authenticator {
  readonly #app: FakeApp;

  constructor(app: FakeApp) {
    this.#app = app;
  }

  get anonymous(): Principal | undefined {
    return this.#app.anonymous;
  }

  async authenticate(credentials: Credentials | undefined): Promise<Principal | undefined> {
    if (!credentials) return this.anonymous;
    const known = this.#app.tokens.get(credentials.kind === 'bearer' ? credentials.token : `${credentials.user}:${credentials.password}`);
    if (!known) throw new AuthError('wrong credentials');
    return known;
  }
}

/** Gives what it is told to, then waits until its viewer leaves. */
export class FakeLive {
  events: readonly LiveEvent[] = [];
  viewers = 0;
  refusal: Error | undefined;
  readonly requests: LiveRequest[] = [];

  async watch(request: LiveRequest, signal: AbortSignal): Promise<AsyncIterable<LiveEvent>> {
    this.requests.push(request);
    if (this.refusal) throw this.refusal;
    return this.#stream(signal);
  }

  async *#stream(signal: AbortSignal): AsyncGenerator<LiveEvent> {
    this.viewers++;
    try {
      yield* this.events;
      await aborted(signal);
    } finally {
      this.viewers--;
    }
  }
}

export function principal(name: string, ...roles: readonly Role[]): Principal {
  return { name, roles };
}

async function* once<T>(value: T, signal: AbortSignal): AsyncGenerator<T> {
  yield value;
  await aborted(signal);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
