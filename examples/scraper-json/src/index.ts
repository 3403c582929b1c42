import { ScrapeError, defineKind, definePlugin, messageOf, points, schemaFrom } from '@metrics-dashboard/sdk';
import type { Exposition, Scraper, Target } from '@metrics-dashboard/sdk';

/** `scraper: { kind: json, metrics: [{ name: queue_depth, path: queues.main.depth }] }` of a job. */
interface JsonConfig {
  readonly metrics: readonly JsonMetric[];
}

interface JsonMetric {
  readonly name: string;
  /** Keys from the document's top to the number, with dots between. */
  readonly path: string;
}

/** Fetches a JSON document and offers numbers out of it as gauges, in the text exposition format. */
const jsonScraper = defineKind<JsonConfig, Scraper>({
  kind: 'json',
  config: schemaFrom(readConfig),
  open: ({ metrics }) => ({
    scrape: async (target, signal) => expositionOf(metrics, await fetchJson(target, signal)),
    close: async () => {},
  }),
});

export default definePlugin({
  id: 'scraper-json',
  sdk: '^0.1.0',
  activate: () => [points.scraper.of(jsonScraper)],
});

function readConfig(value: unknown): JsonConfig {
  const { metrics } = Object(value) as { metrics?: unknown };
  if (!Array.isArray(metrics) || metrics.length === 0) throw new Error('expected metrics: a list of { name, path }');
  return { metrics: metrics.map(readMetric) };
}

function readMetric(entry: unknown, i: number): JsonMetric {
  const { name, path } = Object(entry) as Partial<Record<keyof JsonMetric, unknown>>;
  if (typeof name !== 'string' || !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) {
    throw new Error(`metrics[${i}].name is ${JSON.stringify(name)}, expected a metric name`);
  }
  if (typeof path !== 'string' || path === '') throw new Error(`metrics[${i}].path is ${JSON.stringify(path)}, expected a text`);
  return { name, path };
}

async function fetchJson(target: Target, signal: AbortSignal): Promise<unknown> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(target.timeout)]);
  try {
    const response = await fetch(target.url, { signal: within, headers: { accept: 'application/json' } });
    if (!response.ok) throw new ScrapeError(`status ${response.status} ${response.statusText}`);
    const text = await response.text();
    if (target.bodySizeLimit > 0 && text.length > target.bodySizeLimit) {
      throw new ScrapeError(`body of ${text.length} bytes, the limit is ${target.bodySizeLimit}`);
    }
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof ScrapeError) throw error;
    throw new ScrapeError(`fetch ${target.url}: ${messageOf(error)}`);
  }
}

function expositionOf(metrics: readonly JsonMetric[], document: unknown): Exposition {
  const lines = metrics.flatMap(({ name, path }) => {
    const value = valueAt(document, path);
    return value === undefined ? [] : [`# TYPE ${name} gauge`, `${name} ${value}`];
  });
  return { contentType: 'text/plain; version=0.0.4', body: new TextEncoder().encode(`${lines.join('\n')}\n`) };
}

/** A number, or true and false as 1 and 0; undefined for anything else, so that it shows as a gap. */
function valueAt(document: unknown, path: string): number | undefined {
  const found = path.split('.').reduce((at: unknown, key) => (Object(at) as Record<string, unknown>)[key], document);
  if (typeof found === 'boolean') return found ? 1 : 0;
  return typeof found === 'number' ? found : undefined;
}
