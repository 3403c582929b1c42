import { randomUUID } from 'node:crypto';
import { LimitError, MetricsDashboardError, QueryError, messageOf } from '@metrics-dashboard/sdk';
import type { Clock, Timestamp } from '@metrics-dashboard/sdk';
import type { Engine } from '../engine/engine.js';
import type { QueryResult } from '../query/query.js';
import { ticks } from '../runtime/ticker.js';
import type { LiveError, LiveEvent, LiveSnapshot } from './live-event.js';
import { LiveHistory } from './live-history.js';
import { windowEnd } from './live-plan.js';
import type { LivePlan } from './live-plan.js';
import { resumeToken, sequenceOf } from './live-token.js';
import { LiveWindow } from './live-window.js';
import { ViewerQueue } from './viewer-queue.js';

/** The most values a live query holds: series times steps, nine bytes each. */
const MAX_CELLS = 4_000_000;

/** Hears what live queries go through. */
export interface LiveWatcher {
  evaluated(kind: 'full' | 'delta'): void;
  missed(ticks: number): void;
  skipped(events: number): void;
  /** The last viewer has left; the query waits, without being evaluated, until somebody joins or it is told to end. */
  left(query: LiveQuery): void;
  /** It can't be joined any more. */
  ended(query: LiveQuery): void;
}

/**
 * One query that any number of viewers watch: one evaluation per tick for all of them. A tick asks for the new steps
 * and for the last few that late samples may have changed; the rest of the window is kept. While nobody watches, it
 * rests; the first tick afterwards covers the gap.
 */
export class LiveQuery {
  readonly plan: LivePlan;
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #watcher: LiveWatcher;
  readonly #viewers = new Set<ViewerQueue>();
  readonly #history = new LiveHistory();
  readonly #name = randomUUID();
  /** Aborts when the last viewer leaves. */
  #ending = new AbortController();
  #begun: Promise<void>;
  #running: Promise<unknown>;
  #hasEnded = false;
  #window: LiveWindow | undefined;
  #warnings: readonly string[] = [];
  /** When the last answer was asked for. */
  #answeredAt: Timestamp = 0;
  #sequence = 0;
  /** The error that stands since the last evaluation that went well. */
  #error: LiveError | undefined;

  constructor(plan: LivePlan, engine: Engine, clock: Clock, watcher: LiveWatcher) {
    this.plan = plan;
    this.#engine = engine;
    this.#clock = clock;
    this.#watcher = watcher;
    this.#begun = this.#begin(this.#ending.signal);
    this.#running = this.#run(this.#begun, this.#ending.signal);
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** How many values it holds. */
  get cells(): number {
    return (this.#window?.cells ?? 0) + this.#history.cells;
  }

  /**
   * Adds a viewer, with the token of the last event that it knows; before the first evaluation is done it has nothing to
   * show. The first one after a pause has it evaluated at once.
   */
  join(token: string | undefined): ViewerQueue {
    if (this.#ending.signal.aborted) this.#wake();
    const since = sequenceOf(token, this.#name);
    const viewer = new ViewerQueue({
      missed: () => (since === undefined || this.#window === undefined ? undefined : this.#history.after(since)),
      resync: (skipped) => this.#resync(skipped),
      onSkipped: (events) => this.#watcher.skipped(events),
    });
    viewer.onClosed(() => this.#leave(viewer));
    this.#viewers.add(viewer);
    return viewer;
  }

  /** Resolves after the first evaluation, or the first after a pause; rejects when that shows that the query can never be answered. */
  begun(): Promise<void> {
    return this.#begun;
  }

  /** Ends the query for all its viewers, and for those to come. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#ending.abort();
    for (const viewer of this.#viewers) viewer.close();
    this.#watcher.ended(this);
  }

  /** Ends it, and waits for what is under way. */
  async close(): Promise<void> {
    this.end();
    await this.#running;
  }

  #wake(): void {
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    this.#begun = this.#tick(windowEnd(this.plan, this.#clock.now()), signal);
    this.#running = Promise.all([this.#running, this.#run(this.#begun, signal)]);
  }

  async #begin(signal: AbortSignal): Promise<void> {
    try {
      await this.#evaluateWhole(windowEnd(this.plan, this.#clock.now()), signal);
    } catch (error) {
      if (isPermanent(error)) throw error;
      this.#fail(error);
    }
  }

  async #run(begun: Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await begun;
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
      if (window !== undefined && isNear(window, end)) await this.#evaluateTail(window, end, signal);
      else this.#publish(this.#snapshot(await this.#evaluateWhole(end, signal), this.#next(), 0));
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  async #evaluateWhole(end: Timestamp, signal: AbortSignal): Promise<LiveWindow> {
    const { step, steps } = this.plan;
    const window = this.#window ?? new LiveWindow(step, steps, end);
    const answer = await this.#ask(window.startOf(end), end, signal);
    this.#watcher.evaluated('full');
    window.replace(end, answer);
    this.#window = window;
    this.#error = undefined;
    return window;
  }

  async #evaluateTail(window: LiveWindow, end: Timestamp, signal: AbortSignal): Promise<void> {
    const { step, dependsOnWindow } = this.plan;
    const start = window.startOf(end);
    const open = dependsOnWindow ? start : Math.max(start, this.#firstOpen(window));
    // Between long steps nothing can have changed; only whether the query can be answered again may be new.
    if (open > end && this.#error === undefined) return;
    const from = Math.min(open, end);
    const answer = await this.#ask(from, end, signal);
    this.#watcher.evaluated(from === start ? 'full' : 'delta');
    const change = window.advance(end, from, answer);
    this.#error = undefined;
    const sequence = this.#next();
    this.#publish({ kind: 'delta', sequence, token: this.#token(sequence), start, end, step, from, warnings: this.#warnings, ...change });
  }

  /** The first step that samples may have changed which landed since the last answer; at the latest the first that is new. */
  #firstOpen({ end, step }: LiveWindow): Timestamp {
    const since = Math.min(this.#answeredAt, this.#clock.now()) - this.plan.late;
    return Math.min(end + step, Math.ceil(since / step) * step);
  }

  async #ask(start: Timestamp, end: Timestamp, signal: AbortSignal): Promise<QueryResult> {
    const { expression, step, steps } = this.plan;
    const askedAt = this.#clock.now();
    const answer = await this.#engine.query({ expression, time: { kind: 'range', start, end, step } }, signal);
    signal.throwIfAborted();
    if (answer.type === 'string') throw new QueryError('a string has no line to draw, expected numbers');
    const allowed = Math.floor(MAX_CELLS / steps);
    if (answer.series.length > allowed) {
      const met = answer.series.length;
      throw new LimitError('live_series', allowed, met, `a live query of ${steps} points shows at most ${allowed} series, met ${met}`);
    }
    this.#warnings = answer.warnings;
    this.#answeredAt = askedAt;
    return answer;
  }

  /** Says what is wrong once, not at every tick. */
  #fail(error: unknown): void {
    const code = error instanceof MetricsDashboardError ? error.code : 'INTERNAL';
    const message = messageOf(error);
    if (this.#error?.code === code && this.#error.message === message) return;
    const sequence = this.#next();
    this.#error = { kind: 'error', sequence, token: this.#token(sequence), code, message };
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
    const token = this.#token(sequence);
    return { kind: 'snapshot', sequence, token, start, end, step, warnings: this.#warnings, skipped, ...window.snapshot() };
  }

  #publish(event: LiveEvent): void {
    this.#history.record(event, this.#window?.cells ?? 0);
    for (const viewer of this.#viewers) viewer.push(event);
  }

  #token(sequence: number): string {
    return resumeToken(this.#name, sequence);
  }

  #next(): number {
    return ++this.#sequence;
  }

  #leave(viewer: ViewerQueue): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0 || this.#hasEnded) return;
    this.#ending.abort();
    // Without an answer there is nothing to come back to.
    if (this.#window === undefined) this.end();
    else this.#watcher.left(this);
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
