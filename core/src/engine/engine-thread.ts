import type { Transferable } from 'node:worker_threads';
import type { LogFields, Logger } from '@metrics-dashboard/sdk';
import { attachRegistry } from '@metrics-dashboard/sdk/metrics';
import type { QueryResult } from '../query/query.js';
import { answerCalls } from '../runtime/channel.js';
import type { Handlers, Port } from '../runtime/channel.js';
import { systemClock } from '../runtime/system-clock.js';
import { toWire } from '../runtime/wire-error.js';
import type { EngineCalls, EngineNote, EngineThreadData, LogLevel, WireField } from './engine-calls.js';
import { beat } from './heartbeat.js';
import { openLocalEngine } from './local-engine.js';
import type { LocalEngine } from './local-engine.js';
import { ReadSessions } from './remote-read/read-sessions.js';
import { watchThread } from './thread-vitals.js';

/** What the engine's thread does: opens the local engine, says so, and answers calls until it is closed. */
export async function runEngineThread(port: Port & { close(): void }, data: EngineThreadData): Promise<void> {
  const note = (one: EngineNote): void => port.postMessage(one);
  const log = forwardingLogger(note, {});
  const metrics = attachRegistry(data.metrics, { overLimit: 'count', onError: (error) => log.warn('a metric is not as it should be', { error }) });
  const closing = new AbortController();
  const { pluginTimeout, heart, patience, ...options } = data;
  void beat(heart, patience, systemClock, closing.signal);
  try {
    const engine = await openLocalEngine({
      ...options,
      ...(pluginTimeout === undefined ? {} : { pluginTimeout }),
      metrics,
      log,
      clock: systemClock,
    });
    const stopWatching = watchThread('engine', metrics, systemClock);
    closing.signal.addEventListener('abort', stopWatching);
    answerCalls(port, handlersFor(engine, closing));
    note({ kind: 'ready', plugins: await engine.plugins(), acceptHeader: await engine.acceptHeader(), locations: engine.locations });
  } catch (error) {
    closing.abort();
    note({ kind: 'not-opened', error: toWire(error) });
    port.close();
  }
}

function handlersFor(engine: LocalEngine, closing: AbortController): Handlers<EngineCalls> {
  const reads = new ReadSessions(systemClock);
  return {
    openSource: async ({ id, options }) => ({ output: void engine.openSourceAs(id, options) }),
    closeSource: async ({ id, at }) => ({ output: void (await engine.closeSource(id, at)) }),
    ingest: async ({ id, delivery }) => ({ output: await engine.ingest(id, delivery) }),
    readFamilies: async (request) => ({ output: await engine.readFamilies(request) }),
    record: async (request, signal) => ({ output: await engine.record(request, signal) }),
    endRecording: async ({ rule, at }) => ({ output: void (await engine.endRecording(rule, at)) }),
    write: async (request) => ({ output: await engine.write(request) }),
    query: async (request, signal) => withTransfer(await engine.query(request, signal)),
    queryJson: async (request, signal) => {
      const output = await engine.queryJson(request, signal);
      return { output, transfer: [output.buffer] };
    },
    explain: async (request, signal) => ({ output: await engine.explain(request, signal) }),
    formatExpression: async (expression) => ({ output: await engine.formatExpression(expression) }),
    syntaxTree: async (expression) => ({ output: await engine.syntaxTree(expression) }),
    labelNames: async (request, signal) => ({ output: await engine.labelNames(request, signal) }),
    labelValues: async ({ name, request }, signal) => ({ output: await engine.labelValues(name, request, signal) }),
    series: async (request, signal) => ({ output: await engine.series(request, signal) }),
    labelsJson: async (question, signal) => {
      const output = await engine.labelsJson(question, signal);
      return { output, transfer: [output.buffer] };
    },
    metadata: async ({ metric, limit }) => ({ output: await engine.metadata(metric, limit) }),
    exemplarsJson: async (request) => {
      const output = await engine.exemplarsJson(request);
      return { output, transfer: [output.buffer] };
    },
    openRead: async (body) => ({ output: await reads.open((signal) => engine.remoteRead(body, signal)) }),
    nextRead: async (id, signal) => {
      const output = await reads.next(id, signal);
      return { output, transfer: output === undefined ? [] : [output.buffer] };
    },
    closeRead: async (id) => ({ output: void (await reads.close(id)) }),
    status: async () => ({ output: await engine.status() }),
    headStatistics: async (limit) => ({ output: await engine.headStatistics(limit) }),
    cardinality: async (request, signal) => ({ output: await engine.cardinality(request, signal) }),
    forecastCardinality: async (change, signal) => ({ output: await engine.forecastCardinality(change, signal) }),
    configure: async (limits) => ({ output: void (await engine.configure(limits)) }),
    flush: async (_, signal) => ({ output: void (await engine.flush(signal)) }),
    deleteSeries: async (request, signal) => ({ output: void (await engine.deleteSeries(request, signal)) }),
    cleanTombstones: async (_, signal) => ({ output: void (await engine.cleanTombstones(signal)) }),
    snapshot: async (request, signal) => ({ output: void (await engine.snapshot(request, signal)) }),
    close: async () => {
      await engine.close();
      closing.abort();
      return { output: undefined };
    },
  };
}

/** Columns are moved. One that is a part of a larger buffer is copied first: the rest of the buffer may be in use. */
function withTransfer(result: QueryResult): { output: QueryResult; transfer: Transferable[] } {
  const output = { ...result, offsets: whole(result.offsets), times: whole(result.times), values: whole(result.values) };
  const buffers = new Set<ArrayBuffer>([output.offsets.buffer, output.times.buffer, output.values.buffer]);
  return { output, transfer: [...buffers] };
}

function whole<Column extends Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(column: Column): Column {
  // A slice has its array's type.
  return column.byteLength === column.buffer.byteLength ? column : (column.slice() as Column);
}

function forwardingLogger(note: (one: EngineNote) => void, carried: LogFields): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields?: LogFields): void =>
      note({ kind: 'log', level, message, fields: toWireFields({ ...carried, ...fields }) });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => forwardingLogger(note, { ...carried, ...fields }),
  };
}

function toWireFields(fields: LogFields): Record<string, WireField> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toWireField(value)]));
}

function toWireField(value: unknown): WireField {
  if (value instanceof Error) return { error: toWire(value) };
  if (value === undefined || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { value };
  return { value: typeof value === 'bigint' ? String(value) : JSON.stringify(value) };
}
