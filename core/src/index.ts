import 'reflect-metadata';

export { checkConfig } from './check-config.js';
export { checkRuleFile } from './lint-rules.js';
export type { RuleFileReport } from './lint-rules.js';
export type { LintFinding } from './rules/lint-rules.js';
export { testRules } from './test-rules.js';
export type { RuleTestReport } from './test-rules.js';
export { createApp } from './create-app.js';
export type { App, AppOptions, Authenticator, Channels, LiveQueries, MetricUses, PushGroups, Rules, Snapshots, Targets } from './app.js';
export type { AlertMessage } from './alerting/alert-message.js';
export type { ChannelHealth } from './alerting/channel-health.js';
export type { ChannelKind } from './alerting/channel-kinds.js';
export type { ChannelStatus } from './alerting/channel-status.js';
export type { AlertExplanation, ChannelExplanation, GroupExplanation } from './alerting/explanation.js';
export { parseMatchers } from './alerting/matcher-syntax.js';
export type { ChannelTest, ChannelTexts, ReceiverDraft } from './alerting/receiver-desk.js';
export type { RouteAnswer, RouteView } from './alerting/routing-view.js';
export type { SilenceRequest } from './alerting/silence.js';
export type { HistoryRecord as NotificationRecord } from './alerting/store.js';
export type { AlertView, GroupView, SilenceView } from './alerting/views.js';
export { mayDo, operations, permissionOf } from './auth/permissions.js';
export type { Permission } from './auth/permissions.js';
export type { AuthConfig, Config, GlobalConfig, LimitsConfig, OtlpConfig, StorageConfig } from './config/config.js';
export { loadConfig } from './config/load.js';
export type { LoadConfigOptions } from './config/load.js';
export { builtInValues } from './dashboard/built-in-values.js';
export { dashboardSchema } from './dashboard/document.js';
export { DASHBOARD_SCHEMA_PATH, dashboardJsonSchema } from './dashboard/json-schema.js';
export type { Dashboard } from './dashboard/document.js';
export type { Change as DashboardChange, DashboardSummary, Revision as DashboardRevision, StoredDashboard } from './dashboard/dashboard-store.js';
export type { Difference } from './dashboard/differences.js';
export { interpolate } from './dashboard/interpolate.js';
export type { VariableValue } from './dashboard/interpolate.js';
export type { ResolvedVariable, VariableOption } from './dashboard/resolve-variables.js';
export { variableSchema } from './dashboard/variable.js';
export type { Variable } from './dashboard/variable.js';
export { relabelRulesOf } from './config/relabel-input.js';
export type { RelabelInput } from './config/relabel-input.js';
export type { CardinalityChange, CardinalityForecast, CardinalityReport, CardinalityRequest } from './engine/cardinality.js';
export type { DeletionRequest, Engine, EngineLimits, EngineStatus, MetricMetadata, RemoteRead, SnapshotRequest, SourceId } from './engine/engine.js';
export type { Backup } from './snapshots.js';
export type {
  Delivery,
  IngestError,
  IngestLimits,
  IngestReport,
  Refusal,
  RefusalReason,
  SourceOptions,
} from './ingest/delivery.js';
export type { FamiliesRead, FamiliesRequest, MetricFamily } from './ingest/families.js';
export type { MetricUse } from './metric-uses.js';
export type { LiveColumn, LiveDelta, LiveError, LiveEvent, LiveRequest, LiveSeries, LiveSnapshot } from './live/live-event.js';
export type { RecordReport, RecordRequest, WriteRequest } from './engine/record.js';
export type { HeardEvent } from './rules/alert-events.js';
export type { AlertEvent } from './rules/alert-instance.js';
export { backTest } from './rules/back-test.js';
export type { BackTest, BackTestRequest, BackTestSeries } from './rules/back-test.js';
export { exportRules } from './rules/export-rules.js';
export type { ExportedRules } from './rules/export-rules.js';
export { alertingRuleOf } from './rules/threshold-rule.js';
export type { ThresholdRule, ThresholdRuleSpec } from './rules/threshold-rule.js';
export type { RuleChange } from './rules/threshold-rules.js';
export type { PreviewInstance, RulePreview } from './rules/preview-rule.js';
export type { AlertHistoryRequest } from './rules/rule-store.js';
export type { InstanceView, RuleGroupChanges, RuleGroupView, RuleView } from './rules/rule-views.js';
export type { AlertingRule, FlapDetection, RecordingRule, Rule, RuleGroup, ThresholdCondition, ThresholdLevel } from './rules/rule.js';
export { formatAddress, isLoopback, ownAddress } from './listen-address.js';
export type { ListenAddress } from './listen-address.js';
export { MOST_FINE_STEPS } from './engine/thinned-query.js';
export { STEP_LADDER, stepFor } from './live/step-ladder.js';
export type { ConfigPlace, NamedConfig, PluginConfig, PluginPolicy } from './plugin/plugin-config.js';
export type { PluginStatus } from './plugin/plugin-status.js';
export { resolvePlugin } from './plugin/resolve.js';
export type { PluginManifest, ResolvedPlugin } from './plugin/resolve.js';
export { QueryEngine } from './query/engine.js';
export type { QueryEngineOptions } from './query/engine.js';
export { isReservedFunction } from './query/language/names.js';
export type { BoundedList, ExemplarRequest, ExplainRequest, ExplainedOperator, Explanation, LabelQuestion, LabelRequest, QueryLimits, QueryRequest, QueryResult, QueryStats, QueryTime } from './query/query.js';
export type { GroupPush } from './push/push-groups.js';
export { createLogger } from './runtime/logger.js';
export type { LogFormat, LogLevel, LoggerOptions } from './runtime/logger.js';
export { systemClock } from './runtime/system-clock.js';
export type { ScrapeConfig } from './scrape/scrape-config.js';
export type { RelabelStep, TargetTrace } from './scrape/relabel-trace.js';
export type { DroppedTarget, TargetStatus } from './scrape/target-status.js';
