import { parseDuration } from '@metrics-dashboard/sdk';
import { formatFloat } from './format.js';
import { textOf } from './functions.js';
import { TemplateStruct, typeName } from './value.js';
import type { Value } from './value.js';

// The functions that make numbers readable, as Prometheus documents them:
// https://prometheus.io/docs/prometheus/latest/configuration/template_reference/#numbers

/** A number, or a text or a duration that stands for one; throws for anything else. */
export function numberOf(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof TemplateStruct && value.number !== undefined) return Number(value.number) / 1e9;
  if (typeof value !== 'string') throw new Error(`can't convert ${typeName(value)} to float64`);
  const infinity = /^([+-]?)inf(?:inity)?$/i.exec(value);
  if (infinity !== null) return infinity[1] === '-' ? -Infinity : Infinity;
  if (/^nan$/i.test(value)) return NaN;
  if (!/^[+-]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.test(value)) throw new Error(`parsing ${JSON.stringify(value)}: invalid syntax`);
  return Number(value);
}

function significant(value: number): string {
  return formatFloat(value, 'g', 4);
}

/** `1.234k`, with the prefixes of SI. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return significant(value);
  const [prefixes, factor] = Math.abs(value) >= 1 ? [['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'], 1 / 1000] : [['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'], 1000];
  let prefix = '';
  let rest = value;
  for (const next of prefixes) {
    if (factor < 1 ? Math.abs(rest) < 1000 : Math.abs(rest) >= 1) break;
    prefix = next;
    rest = factor < 1 ? rest / 1000 : rest * 1000;
  }
  return significant(rest) + prefix;
}

/** `1.205Ki`, in powers of 1024. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return significant(value);
  let prefix = '';
  let rest = value;
  for (const next of ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi']) {
    if (Math.abs(rest) < 1024) break;
    prefix = next;
    rest /= 1024;
  }
  return significant(rest) + prefix;
}

/** Seconds as `1d 3h 46m 40s`, or with a prefix where they are few. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return significant(seconds);
  if (seconds === 0) return `${significant(0)}s`;
  if (Math.abs(seconds) >= 1) return longDuration(seconds);
  let prefix = '';
  let rest = seconds;
  for (const next of ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']) {
    if (Math.abs(rest) >= 1) break;
    prefix = next;
    rest *= 1000;
  }
  return `${significant(rest)}${prefix}s`;
}

function longDuration(value: number): string {
  const sign = value < 0 ? '-' : '';
  const magnitude = Math.abs(value);
  const whole = Math.trunc(magnitude);
  const [seconds, minutes, hours, days] = [whole % 60, Math.trunc(whole / 60) % 60, Math.trunc(whole / 3600) % 24, Math.trunc(whole / 86_400)];
  if (days !== 0) return `${sign}${days}d ${hours}h ${minutes}m ${seconds}s`;
  if (hours !== 0) return `${sign}${hours}h ${minutes}m ${seconds}s`;
  if (minutes !== 0) return `${sign}${minutes}m ${seconds}s`;
  return `${sign}${significant(magnitude)}s`;
}

/** A ratio as a percentage. */
export function humanizePercentage(ratio: number): string {
  return `${formatFloat(ratio * 100, 'g', 4)}%`;
}

/** A length of time in nanoseconds, as Go has it; printed as `2h10m15s`. */
export function durationStruct(seconds: number): TemplateStruct {
  const nanoseconds = BigInt(Math.trunc(seconds * 1e9));
  return new TemplateStruct(
    'time.Duration',
    {},
    {
      Seconds: () => seconds,
      Minutes: () => seconds / 60,
      Hours: () => seconds / 3600,
      Milliseconds: () => nanoseconds / 1_000_000n,
      String: () => goDuration(seconds),
    },
    () => goDuration(seconds),
    nanoseconds,
  );
}

function goDuration(seconds: number): string {
  const magnitude = Math.abs(seconds);
  const sign = seconds < 0 ? '-' : '';
  if (magnitude === 0) return '0s';
  if (magnitude < 1e-6) return `${sign}${Math.round(magnitude * 1e9)}ns`;
  if (magnitude < 1e-3) return `${sign}${formatFloat(magnitude * 1e6, 'f', -1)}µs`;
  if (magnitude < 1) return `${sign}${formatFloat(magnitude * 1e3, 'f', -1)}ms`;
  const [hours, minutes] = [Math.trunc(magnitude / 3600), Math.trunc(magnitude / 60) % 60];
  const rest = `${formatFloat(Number((magnitude % 60).toFixed(9)), 'f', -1)}s`;
  return sign + (hours > 0 ? `${hours}h${minutes}m${rest}` : minutes > 0 ? `${minutes}m${rest}` : rest);
}

/** `2h10m15s` as seconds. */
export function secondsOf(text: Value): number {
  const written = textOf(text);
  const negative = written.startsWith('-');
  return (parseDuration(negative ? written.slice(1) : written) / 1000) * (negative ? -1 : 1);
}
