import { ConfigError, messageOf } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Logger, Scraper, TargetDiscovery, Timestamp } from '@metrics-dashboard/sdk';
import { Counter, Gauge } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { Engine } from '../engine/engine.js';
import { compileRelabel } from '../ingest/relabel.js';
import type { Relabel } from '../ingest/relabel.js';
import type { NamedConfig } from '../plugin/plugin-config.js';
import { Changes } from '../runtime/changes.js';
import type { ScrapeConfig } from './scrape-config.js';
import type { ScrapeLoop, ScrapeWatcher } from './scrape-loop.js';
import { ScrapePool } from './scrape-pool.js';
import type { TargetTrace } from './relabel-trace.js';
import type { DroppedTarget, TargetStatus } from './target-status.js';

export interface ScrapeManagerOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Opens what a job names. Rejects with a `ConfigError`. */
  readonly openDiscovery: (named: NamedConfig) => Promise<TargetDiscovery>;
  readonly openScraper: (named: NamedConfig) => Promise<Scraper>;
  /** Whether a job's targets are scraped at once when they are found, and not only when their place in the interval comes. */
  readonly isImmediate: (job: ScrapeConfig) => boolean;
}

/** Jobs that are ready to be put in force; one of the two is called, once. */
export interface PreparedJobs {
  commit(): void;
  discard(): Promise<void>;
}

interface Job {
  /** Equal for jobs that are configured alike, wherever in the file they stand. */
  readonly key: string;
  readonly pool: ScrapePool;
  readonly scraper: Scraper;
}

/**
 * Discoveries in, scrape loops out. A reload leaves jobs that are configured as before, and their loops, alone.
 *
 *     prepare(jobs) ─► opens what new and changed jobs need ─► commit()  changed jobs take over from their former selves
 */
export class ScrapeManager {
  readonly #options: ScrapeManagerOptions;
  readonly #changes: Changes;
  readonly #watcher: ScrapeWatcher;
  /** Reloads take effect one after another: a job's former self has stopped before it is itself followed by another. */
  #transition: Promise<void> = Promise.resolve();
  #jobs: ReadonlyMap<string, Job> = new Map();
  #accept: Promise<string> | undefined;

  constructor(options: ScrapeManagerOptions) {
    this.#options = options;
    this.#changes = new Changes();
    this.#watcher = watcherFor(options, this.#changes, () => this.active());
  }

  /** Opens what the jobs name. Rejects with a `ConfigError`, and then nothing has changed and nothing is left open. */
  async prepare(configs: readonly ScrapeConfig[]): Promise<PreparedJobs> {
    const jobs = new Map<string, Job>();
    const opened: Job[] = [];
    const discard = async (): Promise<void> => {
      for (const { scraper } of opened) await scraper.close();
    };
    try {
      for (const config of configs) {
        const current = this.#jobs.get(config.jobName);
        const key = keyOf(config);
        const job = current?.key === key ? current : await this.#open(config, key);
        if (job !== current) opened.push(job);
        jobs.set(config.jobName, job);
      }
    } catch (error) {
      await discard();
      throw error;
    }
    return { commit: () => this.#commit(jobs), discard };
  }

  /** Every loop opens its source anew at its next tick: to be called after `Engine.configure`. */
  renewSources(): void {
    this.#accept = undefined;
    for (const { pool } of this.#jobs.values()) for (const loop of pool.loops) loop.renewSource();
  }

  /** By job, in the order of the configuration. */
  active(): readonly TargetStatus[] {
    return [...this.#jobs.values()].flatMap(({ pool }) => [...pool.loops].map((loop) => loop.status));
  }

  dropped(): readonly DroppedTarget[] {
    return [...this.#jobs.values()].flatMap(({ pool }) => pool.dropped);
  }

  /** What the rules of its job did to a target, active or dropped; undefined when there is none of that id. */
  trace(id: string): TargetTrace | undefined {
    for (const { pool } of this.#jobs.values()) {
      const trace = pool.trace(id);
      if (trace !== undefined) return trace;
    }
    return undefined;
  }

  /** The whole current set, then again after each change, at most once in `every`. Ends when the signal aborts. */
  async *watch(every: Duration, signal: AbortSignal): AsyncGenerator<readonly TargetStatus[]> {
    let seen = -1;
    while (!signal.aborted) {
      await this.#changes.after(seen, signal);
      if (signal.aborted) return;
      seen = this.#changes.count;
      yield this.active();
      await this.#options.clock.sleep(every, signal);
    }
  }

  /** Ends all scrapes. The series of targets go on after a restart, so none gets a staleness marker. */
  async close(): Promise<void> {
    const jobs = [...this.#jobs.values()];
    this.#jobs = new Map();
    await this.#transition;
    await Promise.all(jobs.map((job) => this.#end(job, undefined)));
  }

  async #open(config: ScrapeConfig, key: string): Promise<Job> {
    const { engine, clock, log, openDiscovery, openScraper, isImmediate } = this.#options;
    const relabel = relabelOf(config);
    const discoveries: TargetDiscovery[] = [];
    for (const named of config.discoveries) discoveries.push(await openDiscovery(named));
    const scraper = await openScraper(config.scraper);
    const accept = (): Promise<string> => this.#acceptHeader();
    const tools = { engine, scraper, clock, accept, watcher: this.#watcher };
    const pool = new ScrapePool({ job: config, discoveries, relabel, immediate: isImmediate(config), tools, log });
    return { key, pool, scraper };
  }

  #commit(jobs: ReadonlyMap<string, Job>): void {
    const before = this.#jobs;
    this.#jobs = jobs;
    this.#transition = this.#transition.then(() => this.#change(before, jobs));
    for (const [name, job] of jobs) if (!before.has(name)) job.pool.start([]);
    this.#changes.note();
  }

  async #change(before: ReadonlyMap<string, Job>, jobs: ReadonlyMap<string, Job>): Promise<void> {
    const now = this.#options.clock.now();
    const ends = [...before].map(async ([name, former]) => {
      const job = jobs.get(name);
      if (job === undefined) await this.#end(former, now);
      else if (job !== former) await this.#succeed(former, job);
    });
    for (const end of await Promise.allSettled(ends)) {
      if (end.status === 'rejected') this.#options.log.error('a scrape job did not end cleanly', { error: end.reason });
    }
  }

  async #succeed(former: Job, job: Job): Promise<void> {
    job.pool.start(await former.pool.stop());
    await former.scraper.close();
  }

  async #end({ pool, scraper }: Job, at: Timestamp | undefined): Promise<void> {
    const loops = await pool.stop();
    await Promise.all(loops.map((loop) => this.#endLoop(loop, at)));
    await scraper.close();
  }

  async #endLoop(loop: ScrapeLoop, at: Timestamp | undefined): Promise<void> {
    try {
      await loop.close(at);
    } catch (error) {
      this.#options.log.warn('the end of a target was not stored', { target: loop.task.target.url, error: messageOf(error) });
    }
  }

  /** Asked once; again when the answer was an error. */
  #acceptHeader(): Promise<string> {
    this.#accept ??= this.#options.engine.acceptHeader().catch((error: unknown) => {
      this.#accept = undefined;
      throw error;
    });
    return this.#accept;
  }
}

function relabelOf({ jobName, relabel }: ScrapeConfig): Relabel {
  try {
    return compileRelabel(relabel);
  } catch (error) {
    throw new ConfigError(`relabel_configs of the job ${JSON.stringify(jobName)}: ${messageOf(error)}`, { cause: error });
  }
}

/** Two jobs with one key are configured alike. Places in the file are not part of it. */
function keyOf(config: ScrapeConfig): string {
  const plain = ({ kind, config: own }: NamedConfig): unknown => [kind, own];
  return JSON.stringify({ ...config, discoveries: config.discoveries.map(plain), scraper: plain(config.scraper) });
}

function watcherFor(
  { metrics, log }: ScrapeManagerOptions,
  changes: Changes,
  active: () => readonly TargetStatus[],
): ScrapeWatcher {
  const missed = new Counter({
    name: 'metrics_dashboard_ticks_missed_total',
    help: 'Ticks that fell out because the work of the tick before was not done.',
    labelNames: ['what'],
    registers: [metrics],
  });
  const notStored = new Counter({
    name: 'metrics_dashboard_scrapes_not_stored_total',
    help: 'Scrapes that the engine did not take; each is tried again at the next tick.',
    registers: [metrics],
  });
  const targets: Gauge = new Gauge({
    name: 'metrics_dashboard_scrape_targets',
    help: 'Targets by what their last scrape came to.',
    labelNames: ['health'],
    registers: [metrics],
    collect: () => {
      const counts = { up: 0, down: 0, unknown: 0 };
      for (const { health } of active()) counts[health] += 1;
      for (const [health, count] of Object.entries(counts)) targets.set({ health }, count);
    },
  });
  let isRefused = false;
  return {
    changed: () => changes.note(),
    missed: (ticks) => missed.inc({ what: 'scrape' }, ticks),
    stored: () => {
      if (isRefused) log.info('the engine takes scrapes again');
      isRefused = false;
    },
    notStored: (error) => {
      notStored.inc();
      if (!isRefused) log.warn('the engine does not take scrapes, they are tried again at each tick', { error: messageOf(error) });
      isRefused = true;
    },
  };
}
