import { formatMatcher } from '@metrics-dashboard/sdk';
import type { Duration, Labels, Timestamp } from '@metrics-dashboard/sdk';
import { groupLabelsAt, matchRoutes, ownRoute } from './route.js';
import type { Route } from './route.js';
import { mutingIntervals } from './stages.js';
import type { NamedIntervals } from './time-interval.js';

/** A node of the routing tree, with everything inherited. */
export interface RouteView {
  /** Its place in the tree: `0`, `0.2`, `0.2.1`. */
  readonly id: string;
  readonly parent: string | undefined;
  readonly depth: number;
  readonly receiver: string;
  /** As text. */
  readonly matchers: readonly string[];
  readonly groupBy: readonly string[];
  /** Whether every alert is a group by itself. */
  readonly groupsByAll: boolean;
  readonly groupWait: Duration;
  readonly groupInterval: Duration;
  readonly repeatInterval: Duration;
  readonly continues: boolean;
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
}

/** Where an alert would go: one of the nodes that take it, or a receiver that its rule names. */
export interface RouteAnswer {
  /** Of the node; undefined where the rule names the receiver, and the tree is not asked. */
  readonly route: string | undefined;
  readonly receiver: string;
  /** The labels that it would be grouped by. */
  readonly groupLabels: Labels;
  readonly groupWait: Duration;
  readonly groupInterval: Duration;
  readonly repeatInterval: Duration;
  /** The time intervals that mute it there now. */
  readonly mutedBy: readonly string[];
}

/** The nodes in reading order: each stands before its children. */
export function routeViews(root: Route): readonly RouteView[] {
  return [...numbered(root, '0')].map(([id, route]) => viewOf(id, route));
}

/** Where an alert of these labels would go. `receivers` are those that its rule names. */
export function routeAnswers(root: Route, labels: Labels, receivers: readonly string[], parts: { readonly intervals: NamedIntervals; readonly now: Timestamp }): readonly RouteAnswer[] {
  const ids = new Map([...numbered(root, '0')].map(([id, route]) => [route, id]));
  const routes = receivers.length > 0 ? receivers.map((receiver) => ownRoute(receiver, root)) : matchRoutes(root, labels);
  return routes.map((route) => {
    const { receiver, groupWait, groupInterval, repeatInterval } = route;
    return { route: ids.get(route), receiver, groupLabels: groupLabelsAt(route, labels), groupWait, groupInterval, repeatInterval, mutedBy: mutingIntervals(route, parts.intervals, parts.now) };
  });
}

function* numbered(route: Route, id: string): Generator<readonly [string, Route]> {
  yield [id, route];
  for (const [i, child] of route.routes.entries()) yield* numbered(child, `${id}.${i}`);
}

function viewOf(id: string, route: Route): RouteView {
  const steps = id.split('.');
  const { groupBy, matchers, receiver, groupWait, groupInterval, repeatInterval, continues, muteTimeIntervals, activeTimeIntervals } = route;
  return {
    id,
    parent: steps.length === 1 ? undefined : steps.slice(0, -1).join('.'),
    depth: steps.length - 1,
    receiver,
    matchers: matchers.map(formatMatcher),
    groupBy: groupBy === '...' ? [] : [...groupBy],
    groupsByAll: groupBy === '...',
    groupWait,
    groupInterval,
    repeatInterval,
    continues,
    muteTimeIntervals,
    activeTimeIntervals,
  };
}
