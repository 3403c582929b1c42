import type { Zone } from '../charts/zone.js';
import { wallToInstant } from '../charts/zone.js';

/** One end of a range: an offset before now, or an instant. */
export type TimeBound = { readonly kind: 'relative'; readonly back: number } | { readonly kind: 'absolute'; readonly at: number };

/** A range as the address carries it. */
export interface RangeText {
  readonly from: string;
  readonly to: string;
}

/** A range in milliseconds since the epoch. */
export interface Instants {
  readonly start: number;
  readonly end: number;
}

const unitSize: Readonly<Record<string, number>> = {
  ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000,
};

/** Ranges that the picker offers. */
export const presets: readonly { readonly text: string; readonly from: string }[] = [
  { text: 'Last 5 minutes', from: 'now-5m' },
  { text: 'Last 15 minutes', from: 'now-15m' },
  { text: 'Last 1 hour', from: 'now-1h' },
  { text: 'Last 6 hours', from: 'now-6h' },
  { text: 'Last 24 hours', from: 'now-24h' },
  { text: 'Last 7 days', from: 'now-7d' },
];

/** Milliseconds of a duration such as `1h30m`; `undefined` when it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(ms|[smhdwy]))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) sum += Number(count) * (unitSize[unit ?? ''] ?? 0);
  return sum;
}

/** A duration as `parseDuration` reads it, in whole seconds: `1h30m`. */
export function durationText(milliseconds: number): string {
  let rest = Math.round(milliseconds / 1000);
  let text = '';
  for (const [unit, size] of [['d', 86_400], ['h', 3600], ['m', 60], ['s', 1]] as const) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}

/**
 * One end of a range from text: `now`, `now-90m`, milliseconds since the epoch, an ISO 8601 time with an offset, or a wall clock time
 * of the zone (`2026-11-25 13:00`). `undefined` when it is none of these.
 */
export function parseBound(text: string, zone: Zone): TimeBound | undefined {
  const trimmed = text.trim();
  if (trimmed === 'now') return { kind: 'relative', back: 0 };
  if (/^now\s*-/.test(trimmed)) {
    const back = parseDuration(trimmed.replace(/^now\s*-\s*/, ''));
    return back === undefined ? undefined : { kind: 'relative', back };
  }
  if (/^\d{9,16}$/.test(trimmed)) return { kind: 'absolute', at: Number(trimmed) };
  const at = parseWallClock(trimmed, zone);
  return at === undefined ? undefined : { kind: 'absolute', at };
}

/** Why a pair of texts is no range, in words for the viewer; `undefined` when it is one. */
export function rangeProblem(range: RangeText, zone: Zone, now: number): string | undefined {
  const from = parseBound(range.from, zone);
  if (from === undefined) return `From: “${range.from}” is neither a time nor like now-90m`;
  const to = parseBound(range.to, zone);
  if (to === undefined) return `To: “${range.to}” is neither a time nor like now-90m`;
  return instantOf(from, now) < instantOf(to, now) ? undefined : 'From must be before to';
}

/** When a bound is, at a given now. */
export function instantOf(bound: TimeBound, now: number): number {
  return bound.kind === 'relative' ? now - bound.back : bound.at;
}

/** How a range is written on the picker's button. */
export function rangeTitle(range: RangeText, write: (at: number) => string): string {
  const preset = presets.find(({ from }) => from === range.from && range.to === 'now');
  if (preset !== undefined) return preset.text;
  const side = (text: string): string => (/^\d+$/.test(text) ? write(Number(text)) : text);
  if (range.to === 'now' && range.from.startsWith('now-')) return `Last ${range.from.slice(4)}`;
  const [from, to] = [side(range.from), side(range.to)];
  // A day that both ends share is written once.
  const day = /^.*, /.exec(from)?.[0] ?? '';
  return `${from} to ${day !== '' && to.startsWith(day) ? to.slice(day.length) : to}`;
}

function parseWallClock(text: string, zone: Zone): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,3})?)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', offset] = match;
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) + Number(fraction) * 1000;
  const date = new Date(wall);
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return offset === undefined ? wallToInstant(zone, wall) : wall - offsetOf(offset);
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0;
  const digits = text.replace(':', '');
  const size = Number(digits.slice(1, 3)) * 3_600_000 + Number(digits.slice(3)) * 60_000;
  return digits.startsWith('-') ? -size : size;
}
