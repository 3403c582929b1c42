import type { PanelData, PanelSeries } from '../charts/panel-data.js';
import { nearestIndex } from '../charts/panel-data.js';
import type { Instants } from './time-range.js';

/** A part of the window after which a moving range asks for its past again. */
const parts = 8;

/** What a range is laid over, as people choose it; `period` is the range's own length. */
export const pastChoices: readonly { readonly value: string; readonly text: string }[] = [
  { value: '', text: 'nothing' },
  { value: 'period', text: 'the period before' },
  { value: '1h', text: 'an hour before' },
  { value: '1d', text: 'a day before' },
  { value: '7d', text: 'a week before' },
];

/** The range to ask for: moved back, and for a moving one with room ahead, so that it is not asked for at each step. */
export function pastRange({ start, end }: Instants, back: number, moves: boolean): Instants {
  if (!moves) return { start: start - back, end: end - back };
  const pace = Math.max(1, Math.round((end - start) / parts));
  const reached = Math.floor(end / pace) * pace;
  return { start: reached - (end - start) - back, end: reached + pace - back };
}

/** The present with the past laid over it: on the present's steps, each series named after how long ago it was. */
export function withPast(present: PanelData, past: PanelData, back: number, text: string): PanelData {
  const [first, second] = past.times;
  const reach = first === undefined || second === undefined ? 0 : second - first;
  const places = present.times.map((at) => {
    const place = nearestIndex(past.times, at - back);
    return Math.abs((past.times[place] ?? Infinity) - (at - back)) <= reach ? place : -1;
  });
  const series = past.series.map((one): PanelSeries => ({
    ...one,
    key: pastKey(one.key),
    name: `${one.name} (${text})`,
    pastOf: one.key,
    values: places.map((place) => one.values[place]),
  }));
  return { times: present.times, series: [...present.series, ...series] };
}

/** Keys are lists that begin with the query's place. */
function pastKey(key: string): string {
  return `${key.slice(0, -1)},"past"]`;
}
