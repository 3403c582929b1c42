import type { Principal, Role } from '@metrics-dashboard/sdk';

/** What an operation asks for: nothing, or a role; a higher role may do what a lower one may. */
export type Permission = 'public' | Role;

/**
 * Who may do what, in one place. A key is a GraphQL root field, `Query.instant`, or an HTTP route,
 * `GET /api/v1/query`. The API refuses to start with a field or a route that does not stand here.
 *
 * `POST /graphql` and the socket are public because each field of an operation is asked for by itself. The UI's
 * files are public because whoever can't log in yet needs them to do so; they hold no data.
 */
const PERMISSIONS: ReadonlyMap<string, Permission> = new Map<string, Permission>([
  ['Query.instant', 'viewer'],
  ['Query.range', 'viewer'],
  ['Query.explain', 'viewer'],
  ['Query.labelNames', 'viewer'],
  ['Query.labelValues', 'viewer'],
  ['Query.series', 'viewer'],
  ['Query.metadata', 'viewer'],
  ['Query.targets', 'viewer'],
  ['Query.rules', 'viewer'],
  ['Query.alertInstances', 'viewer'],
  ['Query.alertHistory', 'viewer'],
  ['Query.thresholdRules', 'viewer'],
  ['Query.thresholdRule', 'viewer'],
  ['Query.exportRules', 'viewer'],
  ['Query.previewRule', 'viewer'],
  ['Mutation.createThresholdRule', 'editor'],
  ['Mutation.updateThresholdRule', 'editor'],
  ['Mutation.enableThresholdRule', 'editor'],
  ['Mutation.deleteThresholdRule', 'editor'],
  ['Mutation.backTestRule', 'editor'],
  ['Subscription.alertEvents', 'viewer'],
  ['Subscription.ruleGroups', 'viewer'],
  ['Subscription.thresholdRules', 'viewer'],
  ['Query.droppedTargets', 'viewer'],
  ['Query.cardinality', 'viewer'],
  ['Query.cardinalityGrowth', 'viewer'],
  ['Query.cardinalityForecast', 'viewer'],
  ['Query.targetRelabeling', 'viewer'],
  ['Query.plugins', 'viewer'],
  ['Query.channels', 'viewer'],
  ['Query.dashboard', 'viewer'],
  ['Query.dashboards', 'viewer'],
  ['Query.dashboardHistory', 'viewer'],
  ['Query.dashboardRevision', 'viewer'],
  ['Query.checkDashboard', 'viewer'],
  ['Query.variables', 'viewer'],
  ['Query.status', 'viewer'],
  ['Query.me', 'public'],
  ['Mutation.reload', 'admin'],
  ['Mutation.flush', 'admin'],
  ['Mutation.deleteSeries', 'admin'],
  ['Query.alertGroups', 'viewer'],
  ['Query.whyNotified', 'viewer'],
  ['Query.silences', 'viewer'],
  ['Query.silence', 'viewer'],
  ['Query.previewSilence', 'viewer'],
  ['Query.notifications', 'viewer'],
  ['Query.receivers', 'viewer'],
  ['Query.previewMessage', 'viewer'],
  ['Query.previewTemplate', 'viewer'],
  ['Query.previewReceiver', 'editor'],
  ['Query.channelKinds', 'viewer'],
  ['Query.ownReceivers', 'viewer'],
  ['Query.routes', 'viewer'],
  ['Query.routeOf', 'viewer'],
  ['Mutation.saveReceiver', 'editor'],
  ['Mutation.deleteReceiver', 'editor'],
  ['Mutation.testReceiver', 'editor'],
  ['Mutation.setSilence', 'editor'],
  ['Mutation.expireSilence', 'editor'],
  ['Subscription.alertGroups', 'viewer'],
  ['Subscription.alertChanges', 'viewer'],
  ['Subscription.alertCounts', 'viewer'],
  ['Subscription.notifications', 'viewer'],
  ['Mutation.testChannel', 'editor'],
  ['Mutation.saveDashboard', 'editor'],
  ['Mutation.deleteDashboard', 'editor'],
  ['Mutation.restoreDashboard', 'editor'],
  ['Mutation.takeDashboardFile', 'editor'],
  ['Subscription.live', 'viewer'],
  ['Subscription.targets', 'viewer'],

  ['GET /graphql', 'public'],
  ['POST /graphql', 'public'],

  ['GET /api/v1/query', 'viewer'],
  ['POST /api/v1/query', 'viewer'],
  ['GET /api/v1/query_range', 'viewer'],
  ['POST /api/v1/query_range', 'viewer'],
  ['GET /api/v1/format_query', 'viewer'],
  ['POST /api/v1/format_query', 'viewer'],
  ['GET /api/v1/parse_query', 'viewer'],
  ['POST /api/v1/parse_query', 'viewer'],
  ['GET /api/v1/query_exemplars', 'viewer'],
  ['POST /api/v1/query_exemplars', 'viewer'],
  ['POST /api/v1/read', 'viewer'],
  ['GET /api/v1/series', 'viewer'],
  ['POST /api/v1/series', 'viewer'],
  ['GET /api/v1/labels', 'viewer'],
  ['POST /api/v1/labels', 'viewer'],
  ['GET /api/v1/label/:name/values', 'viewer'],
  ['GET /api/v1/metadata', 'viewer'],
  ['GET /api/v1/targets', 'viewer'],
  ['GET /api/v1/rules', 'viewer'],
  ['GET /api/v1/alerts', 'viewer'],
  ['GET /api/v1/status/buildinfo', 'viewer'],
  ['GET /api/v1/status/runtimeinfo', 'viewer'],
  ['GET /api/v1/status/tsdb', 'viewer'],
  ['GET /api/v1/status/flags', 'admin'],
  ['GET /api/v1/status/config', 'admin'],
  ['POST /api/v1/write', 'editor'],
  ['POST /api/v1/push', 'editor'],
  ['POST /api/v1/otlp/v1/metrics', 'editor'],
  ['PUT /metrics/job/*', 'editor'],
  ['POST /metrics/job/*', 'editor'],
  ['DELETE /metrics/job/*', 'editor'],
  ['PUT /metrics/job@base64/*', 'editor'],
  ['POST /metrics/job@base64/*', 'editor'],
  ['DELETE /metrics/job@base64/*', 'editor'],
  ['POST /api/v1/admin/flush', 'admin'],
  ['POST /api/v1/admin/backup', 'admin'],
  ['POST /api/v1/admin/tsdb/snapshot', 'admin'],
  ['PUT /api/v1/admin/tsdb/snapshot', 'admin'],
  ['POST /api/v1/admin/tsdb/delete_series', 'admin'],
  ['PUT /api/v1/admin/tsdb/delete_series', 'admin'],
  ['POST /api/v1/admin/tsdb/clean_tombstones', 'admin'],
  ['PUT /api/v1/admin/tsdb/clean_tombstones', 'admin'],

  ['GET /api/v2/alerts', 'viewer'],
  ['POST /api/v2/alerts', 'editor'],
  ['GET /api/v2/alerts/groups', 'viewer'],
  ['GET /api/v2/silences', 'viewer'],
  ['POST /api/v2/silences', 'editor'],
  ['GET /api/v2/silence/:id', 'viewer'],
  ['DELETE /api/v2/silence/:id', 'editor'],
  ['GET /api/v2/receivers', 'viewer'],
  ['GET /api/v2/status', 'viewer'],

  ['GET /metrics', 'viewer'],
  ['GET /schemas/dashboard.json', 'public'],
  ['GET /-/healthy', 'public'],
  ['GET /-/ready', 'public'],
  ['POST /-/reload', 'admin'],
  ['PUT /-/reload', 'admin'],

  ['GET /*', 'public'],
]);

const RANK: Readonly<Record<Permission, number>> = { public: 0, viewer: 1, editor: 2, admin: 3 };

/** What an operation asks for; undefined for one that the table does not know, which nobody may do. */
export function permissionOf(operation: string): Permission | undefined {
  return PERMISSIONS.get(operation);
}

/** Every operation of the table, `Query.instant` and `GET /api/v1/query` among them. */
export function operations(): readonly string[] {
  return [...PERMISSIONS.keys()];
}

/** Whether somebody may do what asks for a permission. undefined: they have not said who they are. */
export function mayDo(principal: Principal | undefined, permission: Permission): boolean {
  if (permission === 'public') return true;
  return principal !== undefined && principal.roles.some((role) => RANK[role] >= RANK[permission]);
}
