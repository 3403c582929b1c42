import type { Clock, Logger, WorkerPool } from '@metrics-dashboard/sdk';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { InjectionToken } from 'tsyringe';
import type { AlertRelay } from './alerting/alert-relay.js';
import type { Alerting } from './alerting/alerting.js';
import type { Channels } from './alerting/channels.js';
import type { AuthSection } from './auth-section.js';
import type { Config } from './config/config.js';
import type { Engine } from './engine/engine.js';
import type { LateEngine } from './late-engine.js';
import type { LiveQueries } from './live/live-queries.js';
import type { Dashboards } from './dashboard/dashboards.js';
import type { LateState } from './late-state.js';
import type { HostFactory } from './plugin/host.js';
import type { LoadedPlugins } from './plugin/loader.js';
import type { PushGroups } from './push/push-groups.js';
import type { RuleManager } from './rules/rule-manager.js';
import type { ThresholdRules } from './rules/threshold-rules.js';
import type { RunningApp } from './running-app.js';
import type { Closeable, Scope } from './runtime/lifecycle.js';
import type { ScrapeManager } from './scrape/scrape-manager.js';
import type { SelfScrape } from './self-scrape.js';
import type { Snapshots } from './snapshots.js';

/** Every injection token, with the type of what it stands for. */
export const TOKENS = {
  clock: token<Clock>('clock'),
  log: token<Logger>('log'),
  metrics: token<Registry>('metrics'),
  /** Owns what lives as long as the app. */
  scope: token<Scope>('scope'),
  workers: token<WorkerPool>('workers'),
  hosts: token<HostFactory>('hosts'),
  /** Of the main side. */
  plugins: token<LoadedPlugins>('plugins'),
  engine: token<LateEngine>('engine'),
  /** Opens what is put behind the engine's port. */
  openEngine: token<(config: Config, signal: AbortSignal) => Promise<Engine>>('openEngine'),
  /** Takes the data folder. */
  lockData: token<() => Promise<Closeable>>('lockData'),
  selfScrape: token<SelfScrape>('selfScrape'),
  scrapes: token<ScrapeManager>('scrapes'),
  pushGroups: token<PushGroups>('pushGroups'),
  live: token<LiveQueries>('live'),
  rules: token<RuleManager>('rules'),
  thresholdRules: token<ThresholdRules>('thresholdRules'),
  channels: token<Channels>('channels'),
  alerting: token<Alerting>('alerting'),
  relay: token<AlertRelay>('relay'),
  auth: token<AuthSection>('auth'),
  state: token<LateState>('state'),
  dashboards: token<Dashboards>('dashboards'),
  snapshots: token<Snapshots>('snapshots'),
  app: token<RunningApp>('app'),
} as const;

function token<T>(name: string): InjectionToken<T> {
  return Symbol(name);
}
