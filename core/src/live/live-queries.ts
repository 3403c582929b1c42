import type { Clock } from '@metrics-dashboard/sdk';
import { Counter, Gauge } from '@metrics-dashboard/sdk/metrics';
import type { Registry } from '@metrics-dashboard/sdk/metrics';
import type { Engine } from '../engine/engine.js';
import type { LiveEvent, LiveRequest } from './live-event.js';
import { planOf } from './live-plan.js';
import { LiveQuery } from './live-query.js';
import type { LiveWatcher } from './live-query.js';
import { ParkedQueries } from './parked-queries.js';

export interface LiveQueriesOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly metrics: Registry;
}

/** All live queries that somebody watches or watched a moment ago: viewers of one plan share one evaluation. */
export class LiveQueries {
  readonly #options: LiveQueriesOptions;
  readonly #queries = new Map<string, LiveQuery>();
  readonly #parked: ParkedQueries;
  readonly #watcher: LiveWatcher;

  constructor(options: LiveQueriesOptions) {
    this.#options = options;
    this.#parked = new ParkedQueries(options.clock);
    this.#watcher = this.#makeWatcher(options.metrics);
  }

  /**
   * Starts with a snapshot; before it, an error where the engine can't answer yet. A viewer that brings the token of an
   * event from which everything is still held gets what it missed instead. Ending the iteration or aborting leaves the
   * query; after the last one out it is kept for a short time.
   * Throws QueryError, ParseError or LimitError at once for a query that can never be answered.
   */
  async watch(request: LiveRequest, signal: AbortSignal): Promise<AsyncIterable<LiveEvent>> {
    const plan = planOf(request);
    const { engine, clock } = this.#options;
    const query = this.#queries.get(plan.key) ?? new LiveQuery(plan, engine, clock, this.#watcher);
    this.#queries.set(plan.key, query);
    this.#parked.take(query);
    const viewer = query.join(request.resume);
    const leave = (): void => viewer.close();
    signal.addEventListener('abort', leave, { once: true });
    viewer.onClosed(() => signal.removeEventListener('abort', leave));
    if (signal.aborted) viewer.close();
    try {
      await query.begun();
    } catch (error) {
      viewer.close();
      throw error;
    }
    return viewer;
  }

  /** Ends every query; the viewers' iterations end. */
  async close(): Promise<void> {
    await Promise.all([...this.#queries.values()].map((query) => query.close()));
  }

  #makeWatcher(metrics: Registry): LiveWatcher {
    const { evaluations, missed, skipped } = this.#declare(metrics);
    return {
      evaluated: (kind) => evaluations.inc({ kind }),
      missed: (ticks) => missed.inc({ what: 'live' }, ticks),
      skipped: (events) => skipped.inc(events),
      left: (query) => this.#parked.park(query),
      ended: (query) => {
        this.#parked.take(query);
        if (this.#queries.get(query.plan.key) === query) this.#queries.delete(query.plan.key);
      },
    };
  }

  #declare(metrics: Registry) {
    const registers = [metrics];
    const queries: Gauge = new Gauge({
      name: 'metrics_dashboard_live_queries',
      help: 'Live queries that somebody watches.',
      registers,
      collect: () => queries.set([...this.#queries.values()].filter((query) => !this.#parked.has(query)).length),
    });
    const viewers: Gauge = new Gauge({
      name: 'metrics_dashboard_live_viewers',
      help: 'Viewers of live queries.',
      registers,
      collect: () => viewers.set([...this.#queries.values()].reduce((sum, query) => sum + query.viewers, 0)),
    });
    return {
      evaluations: new Counter({
        name: 'metrics_dashboard_live_evaluations_total',
        help: 'Evaluations of live queries, of a whole window or of its last steps.',
        labelNames: ['kind'],
        registers,
      }),
      missed: new Counter({
        name: 'metrics_dashboard_ticks_missed_total',
        help: 'Ticks that fell out because the work of the tick before was not done.',
        labelNames: ['what'],
        registers,
      }),
      skipped: new Counter({
        name: 'metrics_dashboard_live_skipped_events_total',
        help: 'Events that viewers did not get because they were too slow; each got a snapshot instead.',
        registers,
      }),
    };
  }
}
