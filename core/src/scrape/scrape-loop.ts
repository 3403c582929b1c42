import { ScrapeError, formatDuration, messageOf } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Scraper, Timestamp } from '@metrics-dashboard/sdk';
import type { Engine, SourceId } from '../engine/engine.js';
import type { Delivery, IngestReport, SourceOptions } from '../ingest/delivery.js';
import { ticks } from '../runtime/ticker.js';
import type { ScrapeConfig } from './scrape-config.js';
import type { TargetStatus } from './target-status.js';
import type { ScrapeTarget } from './target.js';

/** What a loop works for: one target of one job. */
export interface ScrapeTask {
  readonly job: ScrapeConfig;
  readonly target: ScrapeTarget;
  /** Whether to scrape once at the start, before the target's place in its interval comes. */
  readonly immediate: boolean;
}

/** What a loop works with; all loops share it but the scraper, which is its job's. */
export interface ScrapeTools {
  readonly engine: Engine;
  readonly scraper: Scraper;
  readonly clock: Clock;
  /** The Accept header; rejects while the engine can't be asked. */
  accept(): Promise<string>;
  readonly watcher: ScrapeWatcher;
}

/** Hears what loops go through. */
export interface ScrapeWatcher {
  /** The status of some target is another one. */
  changed(): void;
  missed(ticks: number): void;
  stored(): void;
  /** The engine did not take a scrape; it is tried again at the next tick, with new samples. */
  notStored(error: unknown): void;
}

/** How long past a target's timeout a scraper may take to say so. */
const GRACE: Duration = 1000;

/** Made once: an abort without a reason makes an error, with its stack, for each scrape. */
const ENDED = new ScrapeError('the scrape was given up');

type Outcome = Delivery['outcome'];

/**
 * Scrapes one target, once in each interval and never twice at a time. Each scrape, a failed one too, is one delivery
 * to the engine. A loop starts, stops, and is closed at the end; it does not start again.
 */
export class ScrapeLoop {
  readonly task: ScrapeTask;
  readonly #tools: ScrapeTools;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #source: SourceId | undefined;
  #renew = false;
  #obstacle: string | undefined;
  #status: TargetStatus;

  constructor(task: ScrapeTask, tools: ScrapeTools) {
    this.task = task;
    this.#tools = tools;
    this.#status = initialStatus(task);
  }

  get status(): TargetStatus {
    return this.#status;
  }

  start(): void {
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Why the target is not to be scraped from now on, for people; each tick counts as a failed scrape then. */
  obstruct(obstacle: string | undefined): void {
    this.#obstacle = obstacle;
  }

  /** The source is opened anew at the next tick: the engine works by other limits from now on. */
  renewSource(): void {
    this.#renew = true;
  }

  /** Gives up a scrape that is on its way, and waits for a delivery that is. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Stops, and leaves the engine; `at`: the target is gone, its series end there. Rejects when the engine can't be told. */
  async close(at: Timestamp | undefined): Promise<void> {
    await this.stop();
    const source = this.#source;
    this.#source = undefined;
    if (source !== undefined) await this.#tools.engine.closeSource(source, at);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, watcher } = this.#tools;
    const { interval, offset } = this.task.target;
    if (this.task.immediate) await this.#tick(clock.now(), signal);
    for await (const { at, missed } of ticks(clock, interval, offset, signal)) {
      if (missed > 0) watcher.missed(missed);
      await this.#tick(at, signal);
    }
  }

  async #tick(at: Timestamp, signal: AbortSignal): Promise<void> {
    const { engine, watcher, clock } = this.#tools;
    const started = clock.elapsed();
    try {
      const source = await this.#openSource();
      const outcome = await this.#outcome(signal);
      if (signal.aborted) return;
      const seconds = (clock.elapsed() - started) / 1000;
      const report = await engine.ingest(source, { at, seconds, outcome });
      watcher.stored();
      this.#show({ lastScrape: at, lastScrapeSeconds: seconds, samples: report.scraped, ...verdict(outcome, report) });
    } catch (error) {
      watcher.notStored(error);
      this.#show({ lastScrape: at, health: 'unknown', lastError: `the scrape was not stored: ${messageOf(error)}` });
    }
  }

  async #openSource(): Promise<SourceId> {
    const old = this.#source;
    if (old !== undefined && !this.#renew) return old;
    const source = await this.#tools.engine.openSource(sourceOptions(this.task));
    this.#source = source;
    this.#renew = false;
    if (old !== undefined) await this.#tools.engine.closeSource(old, undefined);
    return source;
  }

  async #outcome(signal: AbortSignal): Promise<Outcome> {
    if (this.#obstacle !== undefined) return { ok: false, error: this.#obstacle };
    return this.#fetch(this.task.job.accept ?? (await this.#tools.accept()), signal);
  }

  /** A scraper gives up by itself; one that does not is left behind, so that its target goes on. */
  async #fetch(accept: string, signal: AbortSignal): Promise<Outcome> {
    const { url, labels, timeout } = this.task.target;
    const { scraper, clock } = this.#tools;
    const done = new AbortController();
    const end = (): void => done.abort(ENDED);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const overdue = clock.sleep(timeout + GRACE, done.signal).then((): never => {
      throw done.signal.aborted ? ENDED : new ScrapeError(`no answer within ${formatDuration(timeout)}, and the scraper did not give up`);
    });
    try {
      const target = { url, labels, timeout, bodySizeLimit: this.task.job.bodySizeLimit, accept };
      return { ok: true, ...(await Promise.race([scraper.scrape(target, done.signal), overdue])) };
    } catch (error) {
      // A ScrapeError is a sentence for people already; its cause is for the log of whoever wrote the scraper.
      return { ok: false, error: error instanceof ScrapeError ? error.message : messageOf(error) };
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  #show(change: Partial<TargetStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#tools.watcher.changed();
  }
}

function initialStatus({ job, target }: ScrapeTask): TargetStatus {
  return {
    id: target.id,
    scrapePool: job.jobName,
    url: target.url,
    labels: [...target.labels],
    discoveredLabels: [...target.discovered],
    health: 'unknown',
    lastError: undefined,
    lastScrape: undefined,
    lastScrapeSeconds: undefined,
    samples: undefined,
    interval: target.interval,
    timeout: target.timeout,
  };
}

function sourceOptions({ job, target }: ScrapeTask): SourceOptions {
  return {
    name: `${job.jobName} ${target.url}`,
    kind: 'scrape',
    labels: [...target.labels],
    honorLabels: job.honorLabels,
    honorTimestamps: job.honorTimestamps,
    relabel: job.metricRelabel,
    sampleLimit: job.sampleLimit,
    labelLimits: job.labelLimits,
    trackTimestampsStaleness: job.trackTimestampsStaleness,
    nameValidation: job.nameValidation,
    fallbackContentType: job.fallbackContentType,
  };
}

function verdict(outcome: Outcome, report: IngestReport): Pick<TargetStatus, 'health' | 'lastError'> {
  if (!outcome.ok) return { health: 'down', lastError: outcome.error };
  if (report.error !== undefined) return { health: 'down', lastError: report.error.message };
  return { health: 'up', lastError: refusals(report) };
}

function refusals(report: IngestReport): string | undefined {
  const reasons = Object.entries(report.refused).filter(([, count]) => count > 0);
  if (reasons.length === 0) return undefined;
  const parts = reasons.map(([reason, count]) => `${count} ${reason.replaceAll('_', ' ')}`);
  return `of ${report.scraped} samples some were refused: ${parts.join(', ')}`;
}
