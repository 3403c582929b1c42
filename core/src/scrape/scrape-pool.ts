import { setMaxListeners } from 'node:events';
import { Labels, messageOf } from '@metrics-dashboard/sdk';
import type { Logger, TargetDiscovery, TargetGroup } from '@metrics-dashboard/sdk';
import type { Relabel } from '../ingest/relabel.js';
import type { ScrapeConfig } from './scrape-config.js';
import { ScrapeLoop } from './scrape-loop.js';
import type { ScrapeTools } from './scrape-loop.js';
import { traceRelabel } from './relabel-trace.js';
import type { TargetTrace } from './relabel-trace.js';
import type { DroppedTarget } from './target-status.js';
import { targetsOf } from './target.js';

/** How long a discovery that broke off is left alone before it is asked again. */
const DISCOVERY_PAUSE = 10_000;

/** How long a discovery may take to end. */
const PATIENCE = 5_000;

export interface ScrapePoolOptions {
  readonly job: ScrapeConfig;
  readonly discoveries: readonly TargetDiscovery[];
  readonly relabel: Relabel;
  readonly immediate: boolean;
  readonly tools: ScrapeTools;
  readonly log: Logger;
}

/** One job: what its discoveries find, and a loop for each target. Loops start and stop by difference only. */
export class ScrapePool {
  readonly #options: ScrapePoolOptions;
  readonly #stopping = new AbortController();
  /** What each discovery found last; undefined until it has found something for the first time. */
  readonly #found: (readonly TargetGroup[] | undefined)[];
  readonly #loops = new Map<string, ScrapeLoop>();
  readonly #closing = new Set<Promise<void>>();
  /** Stopped loops of this job before a reload; they end when it is known who succeeds them. */
  #predecessors: readonly ScrapeLoop[] = [];
  #dropped: readonly DroppedTarget[] = [];
  /** What was logged last about targets that can't be scraped. */
  #complaint = '';
  #watching: Promise<unknown> = Promise.resolve();

  constructor(options: ScrapePoolOptions) {
    this.#options = options;
    this.#found = options.discoveries.map(() => undefined);
    // Each discovery listens, and there may be many.
    setMaxListeners(0, this.#stopping.signal);
  }

  get job(): ScrapeConfig {
    return this.#options.job;
  }

  get loops(): Iterable<ScrapeLoop> {
    return this.#loops.values();
  }

  get dropped(): readonly DroppedTarget[] {
    return this.#dropped;
  }

  /** What each rule of the job did to a target, a dropped one too; undefined when the pool has none of that id. */
  trace(id: string): TargetTrace | undefined {
    const loop = this.#loops.get(id);
    const dropped = loop === undefined ? this.#dropped.find((target) => target.id === id) : undefined;
    const discoveredLabels = loop?.status.discoveredLabels ?? dropped?.discoveredLabels;
    if (discoveredLabels === undefined) return undefined;
    const { jobName: scrapePool, relabel } = this.job;
    const discovered = Labels.from(discoveredLabels.map(({ name, value }) => [name, value]));
    const steps = traceRelabel(relabel, discovered);
    const last = steps.findIndex(({ after }) => after === undefined);
    const droppedBy = last < 0 ? undefined : last;
    return { id, scrapePool, discoveredLabels, steps, droppedBy, labels: loop?.status.labels, error: dropped?.error };
  }

  /** Begins to look for targets. `predecessors` are what the pool's former self handed back when it stopped. */
  start(predecessors: readonly ScrapeLoop[]): void {
    const { discoveries } = this.#options;
    this.#predecessors = predecessors;
    this.#watching = Promise.all(discoveries.map((discovery, i) => this.#watch(discovery, i)));
  }

  /** Ends all scrapes, and hands back the loops, whose sources are still open: whoever stops the pool closes them. */
  async stop(): Promise<readonly ScrapeLoop[]> {
    this.#stopping.abort();
    await this.#watchingEnds();
    const loops = [...this.#loops.values()];
    await Promise.all(loops.map((loop) => loop.stop()));
    await Promise.all(this.#closing);
    return [...this.#predecessors, ...loops];
  }

  /** A discovery that goes on though it was told to end is left behind: what it finds is not heard any more. */
  async #watchingEnds(): Promise<void> {
    const { tools, log } = this.#options;
    const ended = new AbortController();
    const watching = this.#watching.then(() => ended.abort());
    await Promise.race([watching, tools.clock.sleep(PATIENCE, ended.signal)]);
    if (!ended.signal.aborted) log.warn('a discovery does not end', { job: this.job.jobName });
  }

  async #watch(discovery: TargetDiscovery, i: number): Promise<void> {
    const { signal } = this.#stopping;
    const { log, tools } = this.#options;
    while (!signal.aborted) {
      try {
        for await (const groups of discovery.watch(signal)) {
          if (signal.aborted) return;
          this.#found[i] = groups;
          this.#sync();
        }
        return;
      } catch (error) {
        log.error('discovery broke off, its last targets are kept', { job: this.job.jobName, error });
        await tools.clock.sleep(DISCOVERY_PAUSE, signal);
      }
    }
  }

  #sync(): void {
    const { job, relabel, immediate, tools } = this.#options;
    const { targets, dropped } = targetsOf(job, relabel, this.#found.flatMap((groups) => groups ?? []));
    const ids = new Set(targets.map(({ id }) => id));
    const living = new Set(targets.map(({ labels }) => labels.key));
    this.#dropped = dropped;
    this.#complain(dropped.filter(({ error }) => error !== undefined));
    for (const [id, loop] of this.#loops) {
      if (ids.has(id)) continue;
      this.#loops.delete(id);
      this.#leave(loop, living);
    }
    const obstacle = overLimit(job, targets.length);
    for (const loop of this.#loops.values()) loop.obstruct(obstacle);
    for (const target of targets) {
      if (this.#loops.has(target.id)) continue;
      const loop = new ScrapeLoop({ job, target, immediate }, tools);
      this.#loops.set(target.id, loop);
      loop.obstruct(obstacle);
      loop.start();
    }
    if (this.#found.every((groups) => groups !== undefined)) {
      for (const loop of this.#predecessors) this.#leave(loop, living);
      this.#predecessors = [];
    }
    tools.watcher.changed();
  }

  /** Says so when other targets than before can't be scraped. */
  #complain(wrong: readonly DroppedTarget[]): void {
    const complaint = JSON.stringify(wrong);
    if (wrong.length > 0 && complaint !== this.#complaint) {
      const { job, log } = this.#options;
      log.warn('targets that can not be scraped', { job: job.jobName, targets: wrong.length, first: wrong[0]?.error });
    }
    this.#complaint = complaint;
  }

  /** The series of a target that is gone end now; those of one that goes on, under the same labels, do not. */
  #leave(loop: ScrapeLoop, living: ReadonlySet<string>): void {
    const { tools, log } = this.#options;
    const at = living.has(loop.task.target.labels.key) ? undefined : tools.clock.now();
    const closing = loop.close(at).catch((error: unknown) => {
      log.warn('the end of a target was not stored', { target: loop.task.target.url, error: messageOf(error) });
    });
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }
}

/** A job with too many targets scrapes none of them: which of them would be left out is nobody's intent. */
function overLimit({ targetLimit }: ScrapeConfig, met: number): string | undefined {
  if (targetLimit === 0 || met <= targetLimit) return undefined;
  return `target_limit is ${targetLimit}, met ${met} targets: none of them is scraped`;
}
