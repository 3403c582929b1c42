import { availableParallelism, hostname } from 'node:os';
import type { App, DroppedTarget, TargetStatus } from '@metrics-dashboard/core';
import { QueryError, formatDuration } from '@metrics-dashboard/sdk';
import type { NamedCount } from '@metrics-dashboard/sdk';
import type { FastifyInstance } from 'fastify';
import { parametersOf } from './parameters.js';
import { success } from './prometheus-answer.js';
import { asObject } from './query.route.js';
import { withoutSecrets } from './secrets.js';

/** The flags in force, by the names they have on the command line. */
export type Flags = Readonly<Record<string, string>>;

const STATISTICS = { otherwise: 10, max: 10_000 } as const;

/** What the Prometheus HTTP API says about the server: `targets`, `status/…`. */
export function addStatusRoutes(fastify: FastifyInstance, app: App, flags: Flags): void {
  fastify.get('/api/v1/targets', async (request) => success(targetsOf(app, parametersOf(request).text('state') ?? 'any')));
  fastify.get('/api/v1/status/buildinfo', async () => success(buildInfoOf(app)));
  fastify.get('/api/v1/status/runtimeinfo', async () => success(runtimeInfoOf(app)));
  fastify.get('/api/v1/status/flags', async () => success(flags));
  // JSON is YAML as well, so what asks for YAML can read it.
  fastify.get('/api/v1/status/config', async () => success({ yaml: JSON.stringify(withoutSecrets(app.config()), null, 2) }));
  fastify.get('/api/v1/status/tsdb', async (request) => {
    const limit = parametersOf(request).limit() ?? STATISTICS.otherwise;
    if (limit > STATISTICS.max) throw new QueryError(`invalid parameter "limit": ${limit}, expected at most ${STATISTICS.max}`);
    return success(await storageOf(app, limit));
  });
}

function targetsOf(app: App, state: string): object {
  const asks = (name: string): boolean => state.toLowerCase() === name || !['active', 'dropped'].includes(state.toLowerCase());
  const dropped = app.targets.dropped();
  return {
    activeTargets: asks('active') ? app.targets.active().map(activeTarget) : [],
    droppedTargets: asks('dropped') ? dropped.map(({ scrapePool, discoveredLabels }) => ({ scrapePool, discoveredLabels: asObject(discoveredLabels) })) : [],
    droppedTargetCounts: countByPool(dropped),
  };
}

/** What has not happened yet has Go's zero time, as clients of this API expect. */
const NEVER = '0001-01-01T00:00:00Z';

function activeTarget(target: TargetStatus): object {
  return {
    discoveredLabels: asObject(target.discoveredLabels),
    labels: asObject(target.labels),
    scrapePool: target.scrapePool,
    scrapeUrl: target.url,
    globalUrl: target.url,
    lastError: target.lastError ?? '',
    lastScrape: target.lastScrape === undefined ? NEVER : new Date(target.lastScrape).toISOString(),
    lastScrapeDuration: target.lastScrapeSeconds ?? 0,
    health: target.health,
    scrapeInterval: formatDuration(target.interval),
    scrapeTimeout: formatDuration(target.timeout),
  };
}

function countByPool(dropped: readonly DroppedTarget[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { scrapePool } of dropped) counts.set(scrapePool, (counts.get(scrapePool) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function buildInfoOf(app: App): object {
  return { version: app.version, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '', nodeVersion: process.version };
}

function runtimeInfoOf(app: App): object {
  return {
    startTime: new Date(app.startedAt).toISOString(),
    serverTime: new Date(app.clock.now()).toISOString(),
    CWD: process.cwd(),
    hostname: hostname(),
    GOMAXPROCS: availableParallelism(),
    storageRetention: retentionOf(app.config().storage.backend.config),
  };
}

function retentionOf(config: unknown): string {
  const retention = typeof config === 'object' && config !== null && 'retention' in config ? config.retention : undefined;
  if (typeof retention === 'number') return formatDuration(retention);
  return typeof retention === 'string' ? retention : '';
}

async function storageOf(app: App, limit: number): Promise<object> {
  const [{ storage, refused }, statistics] = await Promise.all([app.engine.status(), app.engine.headStatistics(limit)]);
  return {
    headStats: {
      numSeries: storage.headSeries,
      numLabelPairs: statistics?.labelPairs ?? 0,
      chunkCount: storage.details.headChunks ?? 0,
      minTime: storage.headRange.start,
      maxTime: storage.headRange.end,
    },
    seriesCountByMetricName: counts(statistics?.seriesByMetric),
    labelValueCountByLabelName: counts(statistics?.valuesByLabel),
    memoryInBytesByLabelName: counts(statistics?.bytesByLabel),
    seriesCountByLabelValuePair: counts(statistics?.seriesByPair),
    refusedSamples: refused,
  };
}

function counts(list: readonly NamedCount[] | undefined): readonly { name: string; value: number }[] {
  return (list ?? []).map(({ name, count }) => ({ name, value: count }));
}
