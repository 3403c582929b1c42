import type { App, Config } from '@metrics-dashboard/core';
import { formatDuration, formatMatcher } from '@metrics-dashboard/sdk';

type Alerting = Config['alerting'];
type Route = NonNullable<Alerting['route']>;

/**
 * The configuration of alerting as Alertmanager would read it, for clients that look up routes in it: the tree, the rules,
 * and the receivers by name alone, since what their channels say is nobody's business. JSON is YAML as well.
 */
export function alertmanagerConfig(app: App): string {
  const { alerting } = app.config();
  const { route, receivers, inhibitRules, resolveTimeout } = alerting;
  return JSON.stringify(
    {
      global: { resolve_timeout: formatDuration(resolveTimeout) },
      ...(route === undefined ? { route: { receiver: '' } } : { route: routeForm(route) }),
      receivers: route === undefined ? [{ name: '' }, ...receivers.map(({ name }) => ({ name }))] : receivers.map(({ name }) => ({ name })),
      inhibit_rules: inhibitRules.map(({ sources, targets, equal }) => ({
        source_matchers: sources.map(formatMatcher),
        target_matchers: targets.map(formatMatcher),
        equal,
      })),
    },
    null,
    2,
  );
}

function routeForm(route: Route): object {
  return {
    ...(route.receiver !== undefined && { receiver: route.receiver }),
    ...(route.groupBy !== undefined && { group_by: route.groupBy === '...' ? ['...'] : route.groupBy }),
    ...(route.matchers.length > 0 && { matchers: route.matchers.map(formatMatcher) }),
    ...(route.continues && { continue: true }),
    ...(route.groupWait !== undefined && { group_wait: formatDuration(route.groupWait) }),
    ...(route.groupInterval !== undefined && { group_interval: formatDuration(route.groupInterval) }),
    ...(route.repeatInterval !== undefined && { repeat_interval: formatDuration(route.repeatInterval) }),
    ...(route.routes.length > 0 && { routes: route.routes.map(routeForm) }),
  };
}
