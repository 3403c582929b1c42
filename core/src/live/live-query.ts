import { LimitError, MetricsDashboardError, QueryError, messageOf } from '@metrics-dashboard/sdk';
import type { Clock, Timestamp } from '@metrics-dashboard/sdk';
import type { Engine } from '../engine/engine.js';
import type { QueryResult } from '../query/query.js';
import { ticks } from '../runtime/ticker.js';
import type { LiveError, LiveEvent, LiveSnapshot } from './live-event.js';
import { windowEnd } from './live-plan.js';
import type { LivePlan } from './live-plan.js';
import { LiveWindow } from './live-window.js';
import { ViewerQueue } from './viewer-queue.js';

/** The most values a live query holds: series times steps, nine bytes each. */
const MAX_CELLS = 4_000_000;

/** Hears what live queries go through. */
export interface LiveWatcher {
  evaluated(kind: 'full' | 'delta'): void;
  missed(ticks: number): void;
  skipped(events: number): void;
  /** The last viewer has left. */
  ended(query: LiveQuery): void;
}

/**
 * One query that any number of viewers watch: one evaluation per tick for all of them. A tick asks for the new steps
 * and for the last few that late samples may have changed; the rest of the window is kept.
 */
export class LiveQuery {
  readonly plan: LivePlan;
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #watcher: LiveWatcher;
  readonly #viewers = new Set<ViewerQueue>();
  readonly #ending = new AbortController();
  readonly #begun: Promise<void>;
  readonly #running: Promise<void>;
  #window: LiveWindow | undefined;
  #warnings: readonly string[] = [];
  #sequence = 0;
  /** The error that stands since the last evaluation that went well. */
  #error: LiveError | undefined;

  constructor(plan: LivePlan, engine: Engine, clock: Clock, watcher: LiveWatcher) {
    this.plan = plan;
    this.#engine = engine;
    this.#clock = clock;
    this.#watcher = watcher;
    this.#begun = this.#begin();
    this.#running = this.#run();
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Adds a viewer; before the first evaluation is done it has nothing to show. */
  join(): ViewerQueue {
    const viewer = new ViewerQueue({
      resync: (skipped) => this.#resync(skipped),
      onSkipped: (events) => this.#watcher.skipped(events),
    });
    viewer.onClosed(() => this.#leave(viewer));
    this.#viewers.add(viewer);
    return viewer;
  }

  /** Resolves after the first evaluation, and rejects when that shows that the query can never be answered. */
  begun(): Promise<void> {
    return this.#begun;
  }

  /** Ends the query for all its viewers. */
  async close(): Promise<void> {
    this.#ending.abort();
    for (const viewer of this.#viewers) viewer.close();
    await this.#running;
  }

  async #begin(): Promise<void> {
    try {
      await this.#evaluateWhole(windowEnd(this.plan, this.#clock.now()));
    } catch (error) {
      if (isPermanent(error)) throw error;
      this.#fail(error);
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    try {
      await this.#begun;
    } catch {
      // Whoever asked is told by `begun`; nobody stays to watch.
      return;
    }
    for await (const { at, missed } of ticks(this.#clock, this.plan.every, this.plan.delay, signal)) {
      if (missed > 0) this.#watcher.missed(missed);
      await this.#tick(windowEnd(this.plan, at), signal);
    }
  }

  async #tick(end: Timestamp, signal: AbortSignal): Promise<void> {
    try {
      const window = this.#window;
      if (window !== undefined && isNear(window, end)) await this.#evaluateTail(window, end);
      else this.#publish(this.#snapshot(await this.#evaluateWhole(end), this.#next(), 0));
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  async #evaluateWhole(end: Timestamp): Promise<LiveWindow> {
    const { step, steps } = this.plan;
    const window = this.#window ?? new LiveWindow(step, steps, end);
    const answer = await this.#ask(window.startOf(end), end);
    this.#watcher.evaluated('full');
    window.replace(end, answer);
    this.#window = window;
    this.#error = undefined;
    return window;
  }

  async #evaluateTail(window: LiveWindow, end: Timestamp): Promise<void> {
    const { step, revised, dependsOnWindow } = this.plan;
    const start = window.startOf(end);
    const from = dependsOnWindow ? start : Math.max(start, window.end - (revised - 1) * step);
    const answer = await this.#ask(from, end);
    this.#watcher.evaluated(from === start ? 'full' : 'delta');
    const change = window.advance(end, from, answer);
    this.#error = undefined;
    this.#publish({ kind: 'delta', sequence: this.#next(), start, end, step, from, warnings: this.#warnings, ...change });
  }

  async #ask(start: Timestamp, end: Timestamp): Promise<QueryResult> {
    const { expression, step, steps } = this.plan;
    const answer = await this.#engine.query({ expression, time: { kind: 'range', start, end, step } }, this.#ending.signal);
    this.#ending.signal.throwIfAborted();
    if (answer.type === 'string') throw new QueryError('a string has no line to draw, expected numbers');
    const allowed = Math.floor(MAX_CELLS / steps);
    if (answer.series.length > allowed) {
      const met = answer.series.length;
      throw new LimitError('live_series', allowed, met, `a live query of ${steps} points shows at most ${allowed} series, met ${met}`);
    }
    this.#warnings = answer.warnings;
    return answer;
  }

  /** Says what is wrong once, not at every tick. */
  #fail(error: unknown): void {
    const code = error instanceof MetricsDashboardError ? error.code : 'INTERNAL';
    const message = messageOf(error);
    if (this.#error?.code === code && this.#error.message === message) return;
    this.#error = { kind: 'error', sequence: this.#next(), code, message };
    this.#publish(this.#error);
  }

  #resync(skipped: number): readonly LiveEvent[] {
    const error = this.#error === undefined ? [] : [this.#error];
    if (this.#window === undefined) return error;
    // An error changes nothing that is shown, so the snapshot stands where the event before it stood.
    const sequence = this.#error === undefined ? this.#sequence : this.#error.sequence - 1;
    return [this.#snapshot(this.#window, sequence, skipped), ...error];
  }

  #snapshot(window: LiveWindow, sequence: number, skipped: number): LiveSnapshot {
    const { start, end, step } = window;
    return { kind: 'snapshot', sequence, start, end, step, warnings: this.#warnings, skipped, ...window.snapshot() };
  }

  #publish(event: LiveEvent): void {
    for (const viewer of this.#viewers) viewer.push(event);
  }

  #next(): number {
    return ++this.#sequence;
  }

  #leave(viewer: ViewerQueue): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0) return;
    this.#ending.abort();
    this.#watcher.ended(this);
  }
}

/** Whether a window can be moved to an end. The wall clock may have been set back, or so far on that nothing of it is left. */
function isNear(window: LiveWindow, end: Timestamp): boolean {
  return end >= window.end && window.startOf(end) <= window.end + window.step;
}

/** Whether asking again can't help. What depends on the data or on the server's state may be answered later. */
function isPermanent(error: unknown): boolean {
  if (!(error instanceof MetricsDashboardError)) return false;
  if (error instanceof QueryError) return error.reason === 'bad_data';
  return error.code === 'PARSE' || error.code === 'LIMIT_EXCEEDED';
}
