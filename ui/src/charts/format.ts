import type { Zone } from './zone.js';
import { zoneFormatter } from './zone.js';

/** Writes one value. */
export type ValueFormat = (value: number) => string;

interface Scale {
  readonly factor: number;
  readonly suffix: string;
}

interface Unit {
  /** Scales from small to large; the first one is also used below its factor. */
  readonly scales: readonly Scale[];
  /** The base in which round values are round. */
  readonly base: 2 | 10 | 60;
}

const ladder = (suffixes: readonly string[], factor: number, exponent = 0): Scale[] =>
  suffixes.map((suffix, i) => ({ factor: factor ** (i + exponent), suffix }));

const short = ladder(['', ' K', ' M', ' G', ' T', ' P'], 1000);
const ofSeconds: Scale[] = [
  { factor: 1e-9, suffix: ' ns' }, { factor: 1e-6, suffix: ' µs' }, { factor: 1e-3, suffix: ' ms' }, { factor: 1, suffix: ' s' },
  { factor: 60, suffix: ' min' }, { factor: 3600, suffix: ' h' }, { factor: 86_400, suffix: ' d' },
];
const perSecond = (word: string): Unit => ({ scales: short.map(({ factor, suffix }) => ({ factor, suffix: `${suffix}${word}` })), base: 10 });
const events: Unit = { scales: short.map(({ factor, suffix }) => ({ factor, suffix: suffix === '' ? ' /s' : `${suffix}/s` })), base: 10 };
const binary = (word: string): Unit => ({ scales: ladder([` ${word}`, ` Ki${word}`, ` Mi${word}`, ` Gi${word}`, ` Ti${word}`, ` Pi${word}`], 1024), base: 2 });
const plain = (suffix: string): Unit => ({ scales: [{ factor: 1, suffix }], base: 10 });

const units: Readonly<Record<string, Unit>> = {
  short: { scales: short, base: 10 },
  none: plain(''),
  bytes: binary('B'),
  bytesPerSecond: binary('B/s'),
  seconds: { scales: ofSeconds, base: 60 },
  milliseconds: { scales: ofSeconds.map(({ factor, suffix }) => ({ factor: factor * 1000, suffix })), base: 10 },
  percent: plain(' %'),
  ratio: { scales: [{ factor: 0.01, suffix: ' %' }], base: 10 },
  ops: events,
  requestsPerSecond: perSecond(' req/s'),
  samplesPerSecond: perSecond(' samples/s'),
  cores: plain(' cores'),
  hertz: { scales: ladder([' Hz', ' kHz', ' MHz', ' GHz'], 1000), base: 10 },
  celsius: plain(' °C'),
  volts: plain(' V'),
  watts: { scales: ladder([' mW', ' W', ' kW', ' MW'], 1000, -1), base: 10 },
  bool: plain(''),
};

const aliases: Readonly<Record<string, string>> = {
  '': 'short', s: 'seconds', ms: 'milliseconds', By: 'bytes', byte: 'bytes', Bps: 'bytesPerSecond', binBps: 'bytesPerSecond',
  'bytes/s': 'bytesPerSecond', percentunit: 'ratio', reqps: 'requestsPerSecond', hz: 'hertz', count: 'short', '/s': 'ops',
};

/** The base in which values of a unit are round: 2 for bytes, 60 for seconds, else 10. */
export function unitBase(unit: string): 2 | 10 | 60 {
  return unitOf(unit).base;
}

/** Whether values of a unit are parts of a whole, which is only seen against zero. */
export function isShare(unit: string): boolean {
  return ['percent', 'ratio'].includes(aliases[unit] ?? unit);
}

/** Whether a unit says how much of something there is. Plain numbers may be anything: a timestamp, an id, a counter. */
export function isAmount(unit: string): boolean {
  return !['short', 'none'].includes(aliases[unit] ?? unit);
}

/** A value as people read it: three significant digits (or as many as asked) with the unit's own prefix. NaN and the infinities are written out. */
export function formatValue(value: number, unit: string, digits = 3): string {
  if (!Number.isFinite(value)) return special(value);
  const { factor, suffix } = scaleFor(unitOf(unit).scales, Math.abs(value));
  return withSuffix(significant(value / factor, digits), suffix);
}

/** Every digit of a value, for tooltips on tables and for copying. */
export function formatExact(value: number): string {
  return Number.isFinite(value) ? String(value) : special(value);
}

/** One form for all ticks of an axis: one prefix and as many decimals as the step between ticks needs. */
export function axisFormat(unit: string, ticks: readonly number[]): ValueFormat {
  const largest = ticks.reduce((most, tick) => Math.max(most, Math.abs(tick)), 0);
  const { factor, suffix } = scaleFor(unitOf(unit).scales, largest);
  const step = ticks.length > 1 ? Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0)) / factor : 1;
  const decimals = neededDecimals(step);
  return (value) => withSuffix((value / factor).toFixed(decimals).replace(/^-(0(\.0*)?)$/, '$1'), suffix);
}

/** A length of time in its two largest parts: `1h 5m`, `250ms`. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return special(milliseconds);
  if (Math.abs(milliseconds) < 1000) return `${significant(milliseconds, 3)}ms`;
  const parts: string[] = [];
  let rest = Math.round(Math.abs(milliseconds) / 1000);
  for (const [size, letter] of [[86_400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']] as const) {
    const count = Math.floor(rest / size);
    if (count > 0 && parts.length < 2) parts.push(`${count}${letter}`);
    rest -= count * size;
  }
  return (milliseconds < 0 ? '−' : '') + parts.join(' ');
}

/** How long ago an instant was, for pages that are refreshed. */
export function formatAge(at: number, now: number): string {
  const age = now - at;
  return age < 1000 ? 'just now' : `${formatDuration(age)} ago`;
}

/** Date and time to the second in a zone; to the millisecond where it has some. */
export function formatTimestamp(at: number, zone: Zone): string {
  const text = zoneFormatter(zone, 'full', {
    year: 'numeric', month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  }).format(at);
  const milliseconds = ((at % 1000) + 1000) % 1000;
  return milliseconds === 0 ? text : `${text}.${String(milliseconds).padStart(3, '0')}`;
}

function unitOf(name: string): Unit {
  return units[aliases[name] ?? name] ?? plain(` ${name}`);
}

function scaleFor(scales: readonly Scale[], magnitude: number): Scale {
  const standard = scales.find(({ factor }) => factor === 1) ?? scales[0] ?? { factor: 1, suffix: '' };
  if (magnitude === 0) return standard;
  let chosen = scales[0] ?? standard;
  for (const scale of scales) if (magnitude >= scale.factor * 0.9995) chosen = scale;
  return chosen;
}

function significant(value: number, digits: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e6 || (magnitude > 0 && magnitude < 1e-4)) return value.toExponential(digits - 1);
  const decimals = magnitude === 0 ? 0 : Math.min(8, Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude))));
  const text = value.toFixed(decimals);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function neededDecimals(step: number): number {
  for (let decimals = 0; decimals < 9; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * Math.max(1, scaled) && Math.round(scaled) > 0) return decimals;
  }
  return 9;
}

function withSuffix(number: string, suffix: string): string {
  return number.replace('-', '−') + suffix;
}

function special(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '−Inf';
}
