import type { Zone } from './zone.js';
import { wallToInstant, zoneFormatter, zoneOffset } from './zone.js';
import { isAmount, isShare, unitBase } from './format.js';

/** A place on the time axis and what is written there. */
export interface TimeTick {
  readonly at: number;
  readonly text: string;
}

/** The value axis: its pinned ends and the round values between them, both ends included where they are round. */
export interface ValueAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const quarterHour = 15 * minute;
const clockSteps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second,
  minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour,
] as const;
const daySteps = [1, 2, 4, 7, 14] as const;
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120] as const;
const leastSpan = 0.1;

/**
 * Round times of a zone's wall clock between two instants, at most `most` of them. A change to or from summer time neither moves
 * a label nor loses one: the hour that happens twice is labelled twice.
 */
export function timeTicks(start: number, end: number, most: number, zone: Zone): TimeTick[] {
  const least = Math.max(1, (end - start) / Math.max(1, most));
  const step = clockSteps.find((candidate) => candidate >= least);
  if (step !== undefined) return clockTicks(start, end, step, zone);
  const days = daySteps.find((candidate) => candidate * day >= least);
  if (days !== undefined) return dayTicks(start, end, days, zone);
  const months = monthSteps.find((candidate) => candidate * 30.5 * day >= least) ?? 240;
  return monthTicks(start, end, months, zone);
}

/** Ends and round values of a value axis that holds all of `low` to `high`. Zero is included when it is near, and for shares of a whole always. */
export function valueAxis(low: number, high: number, unit: string, most = 5): ValueAxis {
  let [min, max] = Number.isFinite(low) && Number.isFinite(high) ? [Math.min(low, high), Math.max(low, high)] : [0, 1];
  if (min > 0 && (min < max * 0.6 || isShare(unit))) min = 0;
  if (max < 0 && (max > min * 0.6 || isShare(unit))) max = 0;
  if (min === max) [min, max] = spread(min, unit);
  else if (isAmount(unit)) [min, max] = widen(min, max);
  const step = roundStep((max - min) / Math.max(1, most), unit, Math.max(Math.abs(min), Math.abs(max)));
  const first = Math.floor(min / step + 1e-9);
  const last = Math.ceil(max / step - 1e-9);
  const ticks: number[] = [];
  for (let i = first; i <= last; i++) ticks.push(tidy(i * step));
  return { min: tidy(first * step), max: tidy(last * step), ticks };
}

function clockTicks(start: number, end: number, step: number, zone: Zone): TimeTick[] {
  const ticks: TimeTick[] = [];
  // Zones differ from UTC by whole quarter hours, so a round local time is a multiple of this pace in UTC.
  const pace = Math.min(step, quarterHour);
  for (let at = Math.ceil(start / pace) * pace; at <= end; at += pace) {
    const wall = at + zoneOffset(zone, at);
    if (wall % step === 0) ticks.push({ at, text: clockText(at, wall, step, zone) });
  }
  return ticks;
}

function clockText(at: number, wall: number, step: number, zone: Zone): string {
  if (wall % day === 0 && step >= minute) return dateText(at, zone);
  const seconds: Intl.DateTimeFormatOptions = step < minute ? { second: '2-digit' } : {};
  const fraction: Intl.DateTimeFormatOptions = step < second ? { fractionalSecondDigits: 3 } : {};
  const form = step < second ? 'milliseconds' : step < minute ? 'seconds' : 'minutes';
  return zoneFormatter(zone, form, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...seconds, ...fraction }).format(at);
}

function dayTicks(start: number, end: number, days: number, zone: Zone): TimeTick[] {
  const ticks: TimeTick[] = [];
  const firstDay = Math.floor((start + zoneOffset(zone, start)) / day);
  // Weeks begin on Monday; day 4 after the epoch was one.
  const anchor = days % 7 === 0 ? 4 : 0;
  for (let index = Math.floor((firstDay - anchor) / days) * days + anchor; ; index += days) {
    const at = wallToInstant(zone, index * day);
    if (at > end) return ticks;
    if (at >= start) ticks.push({ at, text: dateText(at, zone) });
  }
}

function monthTicks(start: number, end: number, months: number, zone: Zone): TimeTick[] {
  const ticks: TimeTick[] = [];
  const wall = new Date(start + zoneOffset(zone, start));
  const first = Math.floor((wall.getUTCFullYear() * 12 + wall.getUTCMonth()) / months) * months;
  for (let index = first; ; index += months) {
    const at = wallToInstant(zone, Date.UTC(Math.floor(index / 12), index % 12, 1));
    if (at > end) return ticks;
    if (at >= start) ticks.push({ at, text: zoneFormatter(zone, 'month', { month: 'short', year: 'numeric' }).format(at) });
  }
}

function dateText(at: number, zone: Zone): string {
  return zoneFormatter(zone, 'date', { day: 'numeric', month: 'short' }).format(at);
}

/** Noise of an amount is not blown up to the height of the chart: its axis spans at least a tenth of the value. */
function widen(min: number, max: number): [number, number] {
  const missing = Math.max(Math.abs(min), Math.abs(max)) * leastSpan - (max - min);
  return missing > 0 ? [min - missing / 2, max + missing / 2] : [min, max];
}

/** Ends around a line that has one value only. */
function spread(value: number, unit: string): [number, number] {
  if (value === 0) return [0, unitBase(unit) === 2 ? 1024 : 1];
  return value > 0 ? [0, value * 1.25] : [value * 1.25, 0];
}

function roundStep(least: number, unit: string, magnitude: number): number {
  const base = unitBase(unit);
  if (base === 2 && least >= 1) return 2 ** Math.ceil(Math.log2(least) - 1e-9);
  if (base === 60 && magnitude >= 60) {
    const ladder = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
    const found = ladder.find((candidate) => candidate >= least);
    if (found !== undefined) return found;
  }
  const power = 10 ** Math.floor(Math.log10(least));
  const digit = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return digit * power;
}

/** Removes the noise of adding binary fractions: 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
