import { LIVE, REFUSED, STATE, VALUE, exemplarCell, type Definition, type Family, type Series } from './directory.js';
import type { Exemplar } from './exemplars.js';
import { formatLabels } from './label-text.js';

export type MetricsFormat = 'text' | 'openmetrics';

/** The media types of the formats. */
export const CONTENT_TYPES: Readonly<Record<MetricsFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

const REFUSED_NAME = 'metrics_dashboard_refused_updates_total';
const REFUSED_HELP = 'Updates of label sets that found no room in their metric.';

/**
 * Writes metrics. The two formats differ in a few places: OpenMetrics names a counter's family without `_total` and
 * its samples with it, writes whole bounds of buckets as `1.0`, escapes quotes in help, leaves out the
 * sum of a histogram with negative bounds, shows exemplars, and ends in `# EOF`.
 *
 * Sources: https://prometheus.io/docs/instrumenting/exposition_formats/,
 * https://prometheus.io/docs/specs/om/open_metrics_spec/.
 */
export function writeFamilies(directory: FamilySource, format: MetricsFormat): string {
  const lines: string[] = [];
  const refusals: string[] = [];
  const refusedName = sampleName({ type: 'counter', name: REFUSED_NAME }, format);
  for (const family of directory.families()) {
    const { definition, cells } = family;
    const refused = cells.get(REFUSED);
    if (refused > 0) refusals.push(`${refusedName}{metric="${definition.name}"} ${formatNumber(refused)}`);
    writeHead(definition, format, lines);
    if (cells.get(LIVE) > 0) writeSeries(family, directory, format, lines);
  }
  if (refusals.length > 0) {
    writeHead({ type: 'counter', name: REFUSED_NAME, help: REFUSED_HELP }, format, lines);
    lines.push(...refusals);
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Where metrics and their exemplars are. */
interface FamilySource {
  families(): Iterable<Family>;
  exemplar(series: Series, cell: number): Exemplar | undefined;
}

type Head = Pick<Definition, 'type' | 'name' | 'help'>;

function writeHead(head: Head, format: MetricsFormat, lines: string[]): void {
  const { type, name, help } = head;
  const family = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
  lines.push(`# HELP ${family} ${escapeHelp(help, format)}`, `# TYPE ${family} ${type}`);
}

function writeSeries({ definition, seriesByKey }: Family, directory: FamilySource, format: MetricsFormat, lines: string[]): void {
  const name = sampleName(definition, format);
  const hasExemplars = definition.exemplars && format === 'openmetrics';
  const shape: HistogramShape = {
    name,
    bounds: [...definition.buckets.map((bound) => formatBound(bound, format)), '+Inf'],
    hasSum: format === 'text' || (definition.buckets[0] ?? 0) >= 0,
    exemplarOf: (series, i) => (hasExemplars ? formatExemplar(directory.exemplar(series, exemplarCell(definition, i))) : ''),
  };
  for (const series of seriesByKey.values()) {
    if (series.cells.get(STATE) !== 1) continue;
    const labels = formatLabels(definition.labelNames, series.labelValues);
    if (definition.type === 'histogram') writeHistogram(shape, labels, series, lines);
    else lines.push(`${name}${braced(labels)} ${formatNumber(series.cells.get(VALUE))}${shape.exemplarOf(series, 0)}`);
  }
}

interface HistogramShape {
  readonly name: string;
  readonly bounds: readonly string[];
  /** OpenMetrics wants no sum where observations may be negative, since it would be no counter. */
  readonly hasSum: boolean;
  /** What stands behind a counter, or behind a bucket. */
  readonly exemplarOf: (series: Series, i: number) => string;
}

function writeHistogram({ name, bounds, hasSum, exemplarOf }: HistogramShape, labels: string, series: Series, lines: string[]): void {
  const { cells } = series;
  const rest = labels === '' ? '' : `,${labels}`;
  const sum = cells.get(VALUE);
  let count = 0;
  bounds.forEach((bound, i) => {
    count += cells.get(VALUE + 1 + i);
    lines.push(`${name}_bucket{le="${bound}"${rest}} ${formatNumber(count)}${exemplarOf(series, i)}`);
  });
  if (hasSum) lines.push(`${name}_sum${braced(labels)} ${formatNumber(sum)}`);
  lines.push(`${name}_count${braced(labels)} ${formatNumber(count)}`);
}

function sampleName({ type, name }: Pick<Head, 'type' | 'name'>, format: MetricsFormat): string {
  return format === 'openmetrics' && type === 'counter' && !name.endsWith('_total') ? `${name}_total` : name;
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function formatExemplar(exemplar: Exemplar | undefined): string {
  if (exemplar === undefined) return '';
  const { labels, value, at } = exemplar;
  return ` # {${labels}} ${formatNumber(value)} ${at / 1000}`;
}

function escapeHelp(help: string, format: MetricsFormat): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped;
}

function formatNumber(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function formatBound(bound: number, format: MetricsFormat): string {
  const text = formatNumber(bound);
  return format === 'openmetrics' && Number.isInteger(bound) && !text.includes('e') ? `${text}.0` : text;
}
