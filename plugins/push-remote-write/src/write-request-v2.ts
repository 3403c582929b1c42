import { METRIC_NAME, ParseError } from '@metrics-dashboard/sdk';
import type { EntrySink, Labels, MetricType } from '@metrics-dashboard/sdk';
import { decodeLabels, decodeText } from './labels.js';
import { Symbols } from './symbols.js';
import { VARINT, WireReader } from './wire.js';

/** `Metadata.type` by its number. */
const TYPES: readonly MetricType[] = ['unknown', 'counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset'];

const NATIVE_HISTOGRAM = 'native histograms are not supported; let the sender write classic histograms (send_native_histograms: false)';

/**
 * Offers what an `io.prometheus.write.v2.Request` holds. What is wrong with one series, an unknown reference, a native
 * histogram, no sample at all, is found when its labels are read, so that the others are stored. Field numbers are from
 * https://github.com/prometheus/prometheus/blob/main/prompb/io/prometheus/write/v2/types.proto:
 *
 *     Request     4 symbols, 5 timeseries
 *     TimeSeries  1 label references, 2 samples (1 value, 2 timestamp), 3 histograms, 4 exemplars, 5 metadata, 6 created timestamp
 *     Metadata    1 type, 3 help reference, 4 unit reference
 *     Exemplar    1 label references, 2 value, 3 timestamp
 */
export function parseWriteRequestV2(message: Uint8Array, sink: EntrySink): void {
  const symbols = symbolsOf(message);
  const reader = new WireReader(message);
  while (reader.nextField(message.length)) {
    if (reader.field === 5) new SeriesReader(reader, symbols, sink).read(reader.delimited(message.length));
    else reader.skip(message.length);
  }
}

/** They stand before the series in what senders write, and may stand anywhere. */
function symbolsOf(message: Uint8Array): Symbols {
  const symbols = new Symbols(message);
  const reader = new WireReader(message);
  let hasSeries = false;
  while (reader.nextField(message.length)) {
    hasSeries ||= reader.field === 5;
    if (reader.field !== 4) {
      reader.skip(message.length);
      continue;
    }
    const end = reader.delimited(message.length);
    symbols.add(reader.at, end);
    reader.at = end;
  }
  if (hasSeries && symbols.fault !== undefined) throw new ParseError(symbols.fault, { offset: 0 });
  return symbols;
}

class SeriesReader {
  #samples = 0;
  #hasHistogram = false;
  #hasExemplar = false;

  constructor(
    private readonly reader: WireReader,
    private readonly symbols: Symbols,
    private readonly sink: EntrySink,
  ) {}

  /** The labels first, wherever they stand. */
  read(end: number): void {
    const { reader, symbols } = this;
    const start = reader.at;
    symbols.begin();
    const fault = this.#readLabels(end);
    reader.at = start;
    if (fault !== undefined) symbols.fail(fault);
    while (reader.nextField(end)) {
      const { field } = reader;
      this.#hasHistogram ||= field === 3;
      if (field === 2) this.#readSample(reader.delimited(end));
      else if (field === 4 && fault === undefined) this.#readExemplar(reader.delimited(end));
      else if (field === 5 && fault === undefined) this.#readMetadata(reader.delimited(end));
      else reader.skip(end);
    }
    if ((this.#samples === 0 && !this.#hasExemplar) || this.#hasHistogram) this.#refuse(fault);
  }

  /** What is refused shows as one sample of a series that can't be. */
  #refuse(fault: string | undefined): void {
    const { symbols, sink } = this;
    symbols.fail(fault ?? (this.#hasHistogram ? NATIVE_HISTOGRAM : 'a series without samples'));
    sink.sample(symbols.key, 0, symbols.keyEnd, 0, 0);
  }

  #readLabels(end: number): string | undefined {
    const { reader, symbols } = this;
    while (reader.nextField(end)) {
      if (reader.field !== 1) {
        reader.skip(end);
        continue;
      }
      if (reader.wireType === VARINT) throw reader.failure('label references that are not packed');
      const runEnd = reader.delimited(end);
      const fault = symbols.addPairs(reader, runEnd);
      reader.at = runEnd;
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #readSample(end: number): void {
    const { reader, symbols } = this;
    let value = 0;
    let at = 0;
    while (reader.nextField(end)) {
      if (reader.field === 1) value = reader.double(end);
      else if (reader.field === 2) at = this.#time(end);
      else reader.skip(end);
    }
    this.#samples++;
    this.sink.sample(symbols.key, 0, symbols.keyEnd, value, at);
  }

  #time(end: number): number {
    this.reader.expect(VARINT);
    return this.reader.int(end);
  }

  #readExemplar(end: number): void {
    const { reader, symbols, sink } = this;
    let references = { start: 0, end: 0 };
    let value = 0;
    let at = 0;
    while (reader.nextField(end)) {
      if (reader.field === 1) {
        const runEnd = reader.delimited(end);
        references = { start: reader.at, end: runEnd };
        reader.at = runEnd;
      } else if (reader.field === 2) value = reader.double(end);
      else if (reader.field === 3) at = this.#time(end);
      else reader.skip(end);
    }
    this.#hasExemplar = true;
    const of = this.#samples > 0 ? undefined : { bytes: symbols.key, start: 0, end: symbols.keyEnd };
    sink.exemplar(value, at, () => labelsOf(symbols.fork(), reader.bytes, references), of);
  }

  /** Of the metric that the series is of; a reference that leads nowhere says nothing. */
  #readMetadata(end: number): void {
    const { reader, sink } = this;
    let type = 0;
    let help = 0;
    let unit = 0;
    while (reader.nextField(end)) {
      if (reader.field === 1 || reader.field === 3 || reader.field === 4) {
        reader.expect(VARINT);
        const value = reader.uint(end);
        if (reader.field === 1) type = value;
        else if (reader.field === 3) help = value;
        else unit = value;
      } else reader.skip(end);
    }
    if (type === 0 && help === 0 && unit === 0) return;
    const metric = this.#metricOf(TYPES[type] ?? 'unknown');
    if (metric === undefined) return;
    sink.metadata(metric, 'type', TYPES[type] ?? 'unknown');
    this.#say(metric, 'help', help);
    this.#say(metric, 'unit', unit);
  }

  #say(metric: string, field: 'help' | 'unit', symbol: number): void {
    if (symbol === 0 || !this.symbols.has(symbol)) return;
    const { start, end } = this.symbols.place(symbol);
    this.sink.metadata(metric, field, decodeText(this.reader.bytes, start, end));
  }

  /** The series of a histogram carry the metadata of the whole, as those of a summary do. */
  #metricOf(type: MetricType): string | undefined {
    const { key, keyEnd } = this.symbols;
    const metric = nameOf(key, keyEnd);
    if (type !== 'histogram' && type !== 'summary' && type !== 'gaugehistogram') return metric;
    return metric?.replace(/_(bucket|sum|count|gsum|gcount)$/, '');
  }
}

/** What references in the message lead to. Throws a `ParseError` when one leads nowhere. */
function labelsOf(symbols: Symbols, message: Uint8Array, { start, end }: { start: number; end: number }): Labels {
  const reader = new WireReader(message);
  reader.at = start;
  const fault = symbols.addPairs(reader, end);
  if (fault !== undefined) throw new ParseError(fault, { offset: start });
  return decodeLabels(symbols.key, 0, symbols.keyEnd);
}

/** undefined: the labels can't be read, which shows when the sample is offered. */
function nameOf(key: Uint8Array, end: number): string | undefined {
  try {
    return decodeLabels(key, 0, end).get(METRIC_NAME) || undefined;
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}
