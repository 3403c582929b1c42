import { formatMatcher, matchesAll } from '@metrics-dashboard/sdk';
import type { Duration, Labels, Matcher } from '@metrics-dashboard/sdk';

/** A node of the routing tree as the configuration writes it; what is undefined is the parent's. */
export interface RouteConfig {
  readonly receiver: string | undefined;
  /** `'...'`: by all labels. */
  readonly groupBy: readonly string[] | '...' | undefined;
  readonly continues: boolean;
  readonly matchers: readonly Matcher[];
  readonly groupWait: Duration | undefined;
  readonly groupInterval: Duration | undefined;
  readonly repeatInterval: Duration | undefined;
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly routes: readonly RouteConfig[];
}

/** Where no route is configured, this is one that leads to nobody. */
export const NOBODY: RouteConfig = {
  receiver: '',
  groupBy: undefined,
  continues: false,
  matchers: [],
  groupWait: undefined,
  groupInterval: undefined,
  repeatInterval: undefined,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
  routes: [],
};

/** A node with everything inherited. */
export interface Route {
  /** Equal for nodes whose way down has equal matchers: what the notification log knows them by. */
  readonly key: string;
  readonly receiver: string;
  readonly groupBy: ReadonlySet<string> | '...';
  readonly continues: boolean;
  readonly matchers: readonly Matcher[];
  readonly groupWait: Duration;
  readonly groupInterval: Duration;
  readonly repeatInterval: Duration;
  /** Not inherited: they mute what ends at this node. */
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly routes: readonly Route[];
}

const DEFAULTS = { groupWait: 30_000, groupInterval: 5 * 60_000, repeatInterval: 4 * 3600_000 } as const;

/** The tree with everything inherited. The root has a receiver; the configuration sees to that. */
export function buildRoutes(root: RouteConfig): Route {
  const parent = { key: '', receiver: root.receiver ?? '', groupBy: new Set<string>(), ...DEFAULTS };
  return build(root, parent);
}

type Inherited = Pick<Route, 'key' | 'receiver' | 'groupBy' | 'groupWait' | 'groupInterval' | 'repeatInterval'>;

function build(config: RouteConfig, parent: Inherited): Route {
  const matchers = `{${config.matchers.map(formatMatcher).join(',')}}`;
  const own: Inherited = {
    key: parent.key === '' ? matchers : `${parent.key}/${matchers}`,
    receiver: config.receiver ?? parent.receiver,
    groupBy: config.groupBy === undefined ? parent.groupBy : config.groupBy === '...' ? '...' : new Set(config.groupBy),
    groupWait: config.groupWait ?? parent.groupWait,
    groupInterval: config.groupInterval ?? parent.groupInterval,
    repeatInterval: config.repeatInterval ?? parent.repeatInterval,
  };
  return {
    ...own,
    continues: config.continues,
    matchers: config.matchers,
    muteTimeIntervals: config.muteTimeIntervals,
    activeTimeIntervals: config.activeTimeIntervals,
    routes: config.routes.map((route) => build(route, own)),
  };
}

/**
 * The nodes that take an alert, in order: depth first; the first child that matches takes it, and the next are tried
 * only where it says `continue`; where no child takes it, the node itself does.
 */
export function matchRoutes(route: Route, labels: Labels): readonly Route[] {
  if (!matchesAll(route.matchers, labels)) return [];
  const found: Route[] = [];
  for (const child of route.routes) {
    const taken = matchRoutes(child, labels);
    found.push(...taken);
    if (taken.length > 0 && !child.continues) break;
  }
  return found.length === 0 ? [route] : found;
}

/** Every node of the tree, the root first. */
export function* allRoutes(route: Route): Generator<Route> {
  yield route;
  for (const child of route.routes) yield* allRoutes(child);
}

/** The labels that an alert is grouped by at a node. */
export function groupLabelsAt(route: Route, labels: Labels): Labels {
  return route.groupBy === '...' ? labels : labels.only(route.groupBy);
}

/** The node that stands before the tree for a receiver that an alert's rule names itself. */
export function ownRoute(receiver: string, root: Route): Route {
  return { ...root, key: `{receiver=${JSON.stringify(receiver)}}`, receiver, matchers: [], continues: true, routes: [], muteTimeIntervals: [], activeTimeIntervals: [] };
}
