import { Labels, METRIC_NAME, ParseError } from '@metrics-dashboard/sdk';
import type { EntrySink, ExpositionParser, Label, MetricType, Timestamp } from '@metrics-dashboard/sdk';
import type { IngestError, SourceOptions } from './delivery.js';
import { parserFor } from './media-type.js';
import { faultOf } from './series-labels.js';

/** What an exposition says of one metric. Plain data: it may cross a thread, and be kept. */
export interface MetricFamily {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
  /** Its samples in OpenMetrics, a line each, with all their labels. */
  readonly lines: string;
}

export interface FamiliesRequest {
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** What each series gets, whatever the body says. */
  readonly labels: readonly Label[];
  readonly nameValidation: SourceOptions['nameValidation'];
}

/** In the order of their names; or why the body is no such exposition. */
export type FamiliesRead = { readonly families: readonly MetricFamily[]; readonly error: undefined } | { readonly families: undefined; readonly error: IngestError };

/**
 * Reads a body that is kept, and offered again later: nothing is stored. It is taken whole or not at all, so labels are
 * checked, no series may stand in it twice, and no sample may have a time of its own, which would grow old.
 */
export function readFamilies(parsers: readonly ExpositionParser[], request: FamiliesRequest): FamiliesRead {
  const found = parserFor(parsers, request.contentType, undefined);
  if (found === undefined) return { families: undefined, error: { kind: 'unsupported', message: `content type ${JSON.stringify(request.contentType)} is not known` } };
  const sink = new FamilySink(found.parser, request);
  try {
    found.parser.parse({ body: request.body, contentType: found.contentType }, sink);
    return { families: sink.families(), error: undefined };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const place = error.position ? `line ${error.position.line}, column ${error.position.column}: ` : '';
    return { families: undefined, error: { kind: 'parse', message: place + error.message } };
  }
}

/** What the names of a metric's samples end in beside the metric's own name. */
const SUFFIXES: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  gaugehistogram: ['_bucket', '_gsum', '_gcount'],
  summary: ['_sum', '_count', '_created'],
  info: ['_info'],
};

class FamilySink implements EntrySink {
  readonly #parser: ExpositionParser;
  readonly #request: FamiliesRequest;
  readonly #metadata = new Map<string, { type?: MetricType; help?: string; unit?: string }>();
  readonly #lines = new Map<string, string[]>();
  readonly #seen = new Set<string>();

  constructor(parser: ExpositionParser, request: FamiliesRequest) {
    this.#parser = parser;
    this.#request = request;
  }

  families(): MetricFamily[] {
    const names = [...this.#lines.keys()].sort();
    return names.map((name) => {
      const { type = 'unknown', help = '', unit = '' } = this.#metadata.get(name) ?? {};
      return { name, type, help, unit, lines: (this.#lines.get(name) ?? []).join('') };
    });
  }

  sample(key: Uint8Array, start: number, end: number, value: number, at: Timestamp): void {
    const labels = this.#labelsOf(key, start, end);
    const shown = labels.toString();
    if (at === at) throw new ParseError(`${shown} has a time of its own, which what is pushed to a group can not have`);
    if (this.#seen.has(labels.key)) throw new ParseError(`${shown} stands twice in the body`);
    this.#seen.add(labels.key);
    const family = this.#familyOf(labels.metric);
    const lines = this.#lines.get(family);
    const line = `${shown} ${formatValue(value)}\n`;
    if (lines === undefined) this.#lines.set(family, [line]);
    else lines.push(line);
  }

  exemplar(): void {
    // Exemplars are not kept.
  }

  metadata(metric: string, field: 'type' | 'unit' | 'help', value: string): void {
    this.#metadata.set(metric, { ...this.#metadata.get(metric), [field]: value });
  }

  delta(): void {
    // What is kept is offered again as it is, so it is cumulative.
  }

  #labelsOf(key: Uint8Array, start: number, end: number): Labels {
    const { labels: common, nameValidation } = this.#request;
    const own = this.#parser.labels(key, start, end);
    const labels = Labels.from([...own.pairs(), ...common.map(({ name, value }) => [name, value] as const)]);
    const fault = faultOf(labels, nameValidation);
    if (fault !== undefined) throw new ParseError(fault);
    return labels;
  }

  #familyOf(name: string): string {
    if (this.#metadata.has(name)) return name;
    const suffix = /_[a-z]+$/.exec(name)?.[0] ?? '';
    const stem = name.slice(0, name.length - suffix.length);
    const type = this.#metadata.get(stem)?.type;
    return type !== undefined && SUFFIXES[type]?.includes(suffix) ? stem : name;
  }
}

/** A number as expositions have it. */
export function formatValue(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The exposition, in OpenMetrics, of what was read before. */
export function expositionOf(families: readonly MetricFamily[]): string {
  return `${families.map(textOf).join('')}# EOF\n`;
}

export const EXPOSITION_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

function textOf({ name, type, help, unit, lines }: MetricFamily): string {
  const shown = Labels.of({ [METRIC_NAME]: name }).toString().replace(/^\{(.*)\}$/s, '$1');
  const word = (keyword: string, text: string): string => (text === '' ? '' : `# ${keyword} ${shown} ${text}\n`);
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
  return word('TYPE', type) + word('UNIT', unit) + word('HELP', escaped) + lines;
}
