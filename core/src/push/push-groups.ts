import { messageOf } from '@metrics-dashboard/sdk';
import type { Clock, Duration, Labels, Logger, MetricType } from '@metrics-dashboard/sdk';
import { Counter, Gauge } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { Engine } from '../engine/engine.js';
import type { IngestError, IngestReport, SourceOptions } from '../ingest/delivery.js';
import type { MetricFamily } from '../ingest/families.js';
import { ticks } from '../runtime/ticker.js';
import type { GroupFolder } from './group-folder.js';
import { OfferedGroup } from './offered-group.js';
import { isReserved, sizeOf, withFamilies } from './pushed-group.js';
import type { PushedGroup } from './pushed-group.js';

export interface PushGroupsOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly folder: GroupFolder;
  readonly limits?: GroupLimits;
}

/** What groups may take in all. */
export interface GroupLimits {
  readonly groups: number;
  /** Characters. */
  readonly size: number;
}

const LIMITS: GroupLimits = { groups: 10_000, size: 64 * 2 ** 20 };

/** What of the configuration groups go by. */
export interface GroupOptions {
  /** How often each group is offered. */
  readonly scrapeInterval: Duration;
  readonly nameValidation: SourceOptions['nameValidation'];
}

export interface GroupPush {
  /** The group. Each of its series gets these labels, whatever the body says. */
  readonly labels: Labels;
  /** Whether the group becomes what is pushed, or keeps the metrics that the body does not have. */
  readonly mode: 'replace' | 'merge';
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** How many groups are on their way to the engine at once. */
const AT_ONCE = 16;

/**
 * Groups of metrics that jobs pushed, which stay until somebody deletes them: each is offered to the engine when it
 * changes and then in every scrape interval, as if it were a target that is scraped, so its series do not go stale.
 * Groups live in a folder, and outlive the program.
 *
 *     push ─► engine reads it ─► consistent with the other groups? ─► file ─► offered
 *                                        └─ no ─► refused, and its time of failure kept
 *
 * Source of the semantics: https://github.com/prometheus/pushgateway#api.
 */
export class PushGroups {
  readonly #options: PushGroupsOptions;
  readonly #limits: GroupLimits;
  readonly #groups = new Map<string, OfferedGroup>();
  readonly #failures: Counter;
  #settings: GroupOptions = { scrapeInterval: 60_000, nameValidation: 'utf8' };
  #size = 0;
  /** Changes happen one after another: what one finds consistent, another can't make inconsistent meanwhile. */
  #changing: Promise<unknown> = Promise.resolve();
  #ticking = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #isRefused = false;

  constructor(options: PushGroupsOptions) {
    this.#options = options;
    this.#limits = options.limits ?? LIMITS;
    const registers = [options.metrics];
    this.#failures = new Counter({ name: 'metrics_dashboard_pushed_groups_failed_offers_total', help: 'Offers of pushed groups that the engine did not take.', registers });
    const size = (): number => this.#size;
    const count = (): number => this.#groups.size;
    new Gauge({ name: 'metrics_dashboard_pushed_groups', help: 'Groups that were pushed and not deleted.', registers, collect() { this.set(count()); } });
    new Gauge({ name: 'metrics_dashboard_pushed_groups_size_bytes', help: 'What the pushed groups take, about.', registers, collect() { this.set(size()); } });
  }

  /** Reads the folder, and offers what it has from now on. Throws a `StorageError` for a folder that can't be read. */
  async start(settings: GroupOptions): Promise<void> {
    const { groups, damaged } = await this.#options.folder.load();
    for (const { file, error } of damaged) this.#options.log.error('a pushed group can not be read, it is left out', { file, error });
    for (const group of groups) this.#keep(group);
    this.#settings = settings;
    this.#run();
  }

  /** Takes other settings while it runs. */
  configure(settings: GroupOptions): void {
    for (const group of this.#groups.values()) group.renew(settings.nameValidation);
    const isOther = settings.scrapeInterval !== this.#settings.scrapeInterval;
    this.#settings = settings;
    if (isOther && !this.#ticking.signal.aborted) {
      this.#ticking.abort();
      this.#ticking = new AbortController();
      this.#run();
    }
  }

  /**
   * Changes a group, and offers it. What is wrong with the body is the report's `error`, and then the group keeps what
   * it had. Rejects with `StorageError` or `UnavailableError`; the group may have changed then, and is offered later.
   */
  async push(push: GroupPush): Promise<IngestReport> {
    const { engine } = this.#options;
    const { nameValidation } = this.#settings;
    const read = await engine.readFamilies({ contentType: push.contentType, body: push.body, labels: [...push.labels], nameValidation });
    const changed = await this.#inTurn(() => (read.families === undefined ? this.#fail(push.labels, read.error) : this.#change(push, read.families)));
    return 'kind' in changed ? refusedWith(changed) : changed.offer();
  }

  /** Deletes a group; its series end here. Nothing happens where there is none. */
  remove(labels: Labels): Promise<void> {
    return this.#inTurn(async () => {
      const group = this.#groups.get(labels.key);
      if (group === undefined) return;
      await this.#options.folder.remove(labels);
      this.#groups.delete(labels.key);
      this.#size -= sizeOf(group.current);
      await group.end().catch((error: unknown) => this.#options.log.warn('a deleted group could not be ended, its series end by themselves', { error: messageOf(error) }));
    });
  }

  /** Stops offering; what is on its way is waited for. */
  async close(): Promise<void> {
    this.#ticking.abort();
    await this.#running;
    await this.#changing;
  }

  /** Puts a push in force, on disk first. */
  async #change({ labels, mode }: GroupPush, families: readonly MetricFamily[]): Promise<OfferedGroup | IngestError> {
    const before = this.#groups.get(labels.key);
    const next = withFamilies(before?.current ?? emptyGroup(labels), mode, families, this.#options.clock.now());
    const fault = this.#inconsistency(labels, families) ?? this.#overLimit(before?.current, next);
    if (fault !== undefined) return this.#fail(labels, fault);
    await this.#options.folder.write(next);
    return this.#keep(next);
  }

  /** Keeps that a push was refused. A group that would be one too many is not made for it. */
  async #fail(labels: Labels, error: IngestError): Promise<IngestError> {
    const before = this.#groups.get(labels.key)?.current;
    const next = { ...(before ?? emptyGroup(labels)), failed: this.#options.clock.now() };
    if (this.#overLimit(before, next) !== undefined) return error;
    await this.#options.folder.write(next);
    // Whoever pushed waits for the refusal, not for this.
    this.#offer(this.#keep(next)).catch(() => undefined);
    return error;
  }

  #keep(group: PushedGroup): OfferedGroup {
    const { key } = group.labels;
    const { engine, clock } = this.#options;
    const known = this.#groups.get(key);
    this.#size += sizeOf(group) - (known === undefined ? 0 : sizeOf(known.current));
    const kept = known ?? new OfferedGroup(engine, clock, group, this.#settings.nameValidation);
    kept.current = group;
    this.#groups.set(key, kept);
    return kept;
  }

  /** Why these can't stand beside what other groups have: one metric has one type. */
  #inconsistency(labels: Labels, families: readonly MetricFamily[]): IngestError | undefined {
    const types = new Map<string, MetricType>(families.map(({ name, type }) => [name, type]));
    const reserved = families.find(({ name }) => isReserved(name));
    if (reserved !== undefined) return { kind: 'parse', message: `metric ${JSON.stringify(reserved.name)} is the server's own` };
    for (const { current } of this.#groups.values()) {
      if (current.labels.key === labels.key) continue;
      for (const [name, type] of types) {
        const other = current.families.get(name);
        if (other !== undefined && other.type !== type) return { kind: 'parse', message: `metric ${JSON.stringify(name)} is a ${type} here and a ${other.type} in the group ${current.labels.toString()}` };
      }
    }
    return undefined;
  }

  #overLimit(before: PushedGroup | undefined, next: PushedGroup): IngestError | undefined {
    const size = this.#size + sizeOf(next) - (before === undefined ? 0 : sizeOf(before));
    if (before === undefined && this.#groups.size >= this.#limits.groups) return { kind: 'limit', message: `there are ${this.#groups.size} groups, as many as there may be; delete those that are not needed` };
    if (size > this.#limits.size) return { kind: 'limit', message: `the groups would take ${size} bytes, ${this.#limits.size} are allowed; delete those that are not needed` };
    return undefined;
  }

  async #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const changing = this.#changing.then(change);
    this.#changing = changing.catch(() => undefined);
    return changing;
  }

  #run(): void {
    const { signal } = this.#ticking;
    const before = this.#running;
    this.#running = (async () => {
      await before;
      await this.#offerAll(signal);
      for await (const _ of ticks(this.#options.clock, this.#settings.scrapeInterval, 0, signal)) await this.#offerAll(signal);
    })();
  }

  async #offerAll(signal: AbortSignal): Promise<void> {
    const waiting = [...this.#groups.values()].reverse();
    const offerSome = async (): Promise<void> => {
      for (let group = waiting.pop(); group !== undefined && !signal.aborted; group = waiting.pop()) await this.#offer(group);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, offerSome));
  }

  async #offer(group: OfferedGroup): Promise<void> {
    try {
      await group.offer();
      this.#isRefused = false;
    } catch (error) {
      this.#failures.inc();
      if (!this.#isRefused) this.#options.log.warn('the engine does not take pushed groups, they are tried again in each interval', { error: messageOf(error) });
      this.#isRefused = true;
    }
  }
}

function emptyGroup(labels: Labels): PushedGroup {
  return { labels, pushed: 0, failed: 0, families: new Map() };
}

function refusedWith(error: IngestError): IngestReport {
  return { accepted: 0, scraped: 0, afterRelabeling: 0, seriesAdded: 0, exemplars: 0, refused: {}, examples: [], error };
}
