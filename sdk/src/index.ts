// The door for plugins: what they implement, what they are lent, and the words both use.

export { definePlugin, defineKind, isPointName, points, sideOf } from './contract/plugin.js';
export type {
  Contribution,
  ExtensionPoint,
  Kind,
  Plugin,
  PluginSide,
  PointName,
  PointTypes,
} from './contract/plugin.js';

export { canAppendWhole, canDeleteSeries, canSnapshot, hasIndexStatistics, isFlushable } from './contract/storage.js';
export type {
  AppendReport,
  Column,
  Flushable,
  HeadStatistics,
  IndexStatistics,
  Level,
  LoadRequest,
  NamedCount,
  SampleBatch,
  SampleVerdict,
  SeriesDeletion,
  SeriesIndex,
  SeriesList,
  SeriesSet,
  Snapshots,
  StorageBackend,
  StorageStats,
  StorageView,
  WholeAppend,
} from './contract/storage.js';
export type { TargetDiscovery, TargetGroup } from './contract/discovery.js';
export type { Exposition, Scraper, Target } from './contract/scraper.js';
export type { EntrySink, ExpositionParser, MetricType, ParserInput, SeriesKey } from './contract/parser.js';
export type {
  Accumulator,
  AggregationFunction,
  AggregationInput,
  ColumnAggregation,
  MergeableAccumulator,
  StepBatch,
} from './contract/aggregation.js';
export type { Alert, MessageTemplate, Notification, NotifierChannel } from './contract/notifier.js';
export type { AuthProvider, Credentials, Principal, Role } from './contract/auth.js';

export { Labels, METRIC_NAME, isLegacyLabelName, isLegacyMetricName } from './model/labels.js';
export type { Label } from './model/labels.js';
export {
  MAX_REGEX_LENGTH,
  formatMatcher,
  literalAlternatives,
  matcher,
  matchesAll,
  matchesEmpty,
} from './model/matcher.js';
export type { Matcher, MatchOperator } from './model/matcher.js';
export { parseLabelSet, parseSeries } from './testing/series-notation.js';
export type { NotedSeries } from './testing/series-notation.js';
export { isStale, sameBits, setStale, staleColumn } from './model/sample.js';
export type { Duration, SampleColumns, Timestamp } from './model/sample.js';
export { ALL_TIME, NO_TIME, alignDown, alignUp, contains, gridSize, overlaps } from './model/time.js';
export type { TimeRange } from './model/time.js';
export { formatBound } from './model/bound.js';
export { formatDuration, parseDuration } from './model/duration.js';
export { readTargetGroups } from './model/target-groups.js';
export { seriesRef } from './model/ids.js';
export type { SeriesRef } from './model/ids.js';

export type { Clock } from './host/clock.js';
export type { Host } from './host/host.js';
export { pollGroups } from './host/poll-groups.js';
export type { PolledGroups } from './host/poll-groups.js';
export type { LogFields, Logger } from './host/logger.js';
export type { WorkerPool, WorkerTask } from './host/workers.js';

export { formatIssuePath, schemaFrom } from './schema.js';
export type { Schema, SchemaIssue, SchemaResult } from './schema.js';
export {
  AuthError,
  ConfigError,
  ConflictError,
  DeliveryError,
  InvariantError,
  LimitError,
  MetricsDashboardError,
  NotFoundError,
  ParseError,
  PermissionError,
  PluginError,
  QueryError,
  ScrapeError,
  StorageError,
  UnavailableError,
  messageOf,
} from './errors.js';
export type { Position } from './errors.js';
