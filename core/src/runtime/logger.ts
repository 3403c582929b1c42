import { MetricsDashboardError, messageOf } from '@metrics-dashboard/sdk';
import type { Clock, LogFields, Logger } from '@metrics-dashboard/sdk';
import { pino } from 'pino';
import { masked } from './secret.js';
import { systemClock } from './system-clock.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFormat = 'text' | 'json';

export interface LoggerOptions {
  /** Lines below this level are not written. */
  readonly level: LogLevel;
  /** `text` for people at a terminal; `json`, one object a line, for machines. */
  readonly format: LogFormat;
  /** Takes one line with its line feed. Standard error by default. */
  readonly write?: (line: string) => void;
  readonly clock?: Clock;
}

const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50 };

/**
 * The log. An error among the fields is written as its message with its causes; a stack is added at level `debug`
 * only, and never for an error that the house expects. Values under the name of a secret are written as `***`.
 */
export function createLogger(options: LoggerOptions): Logger {
  const write = options.write ?? ((line: string): void => void process.stderr.write(line));
  const clock = options.clock ?? systemClock;
  const emit = options.format === 'json' ? jsonLines(options.level, clock, write) : textLines(clock, write);
  return loggerFor(emit, options.level, {});
}

type Emit = (level: LogLevel, message: string, fields: LogFields) => void;

function loggerFor(emit: Emit, threshold: LogLevel, carried: LogFields): Logger {
  const withStacks = threshold === 'debug';
  const at =
    (level: LogLevel) =>
    (message: string, fields?: LogFields): void => {
      if (SEVERITY[level] >= SEVERITY[threshold]) emit(level, message, printable({ ...carried, ...fields }, withStacks));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => loggerFor(emit, threshold, { ...carried, ...fields }),
  };
}

function printable(fields: LogFields, withStacks: boolean): LogFields {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(masked(fields) as LogFields)) {
    result[key] = value instanceof Error ? messageOf(value) : typeof value === 'bigint' ? String(value) : value;
    if (withStacks && value instanceof Error && !(value instanceof MetricsDashboardError)) result.stack = value.stack;
  }
  return result;
}

function jsonLines(level: LogLevel, clock: Clock, write: (line: string) => void): Emit {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${isoTime(clock)}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return (at, message, fields) => logger[at](fields, message);
}

/** `2026-01-01T00:00:00.000Z WARN  notification queue full, oldest dropped  dropped=3 queue="a b"` */
function textLines(clock: Clock, write: (line: string) => void): Emit {
  return (level, message, fields) => {
    const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
    const tail = pairs.map(([key, value]) => `${key}=${asText(value)}`).join(' ');
    write(`${isoTime(clock)} ${level.toUpperCase().padEnd(5)} ${message}${tail === '' ? '' : `  ${tail}`}\n`);
  };
}

function asText(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=\\]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? String(value);
}

function isoTime(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
