/** A line without what names it for people. */
interface Line {
  readonly values: readonly (number | undefined)[];
}

/** Lines on one array of times. */
interface Lines<One extends Line> {
  readonly times: readonly number[];
  readonly series: readonly One[];
}

/**
 * Thins a panel to at most `most` times on one grid that all series share. Each slot becomes two points: where a series rises through
 * it, its minimum then its maximum, else the other way round; so spikes and drops stay, and a slot is a gap only where it was empty.
 */
export function thin<One extends Line>(data: Lines<One>, most: number): Lines<One> {
  if (data.times.length <= most || most < 2) return data;
  const slots = Math.max(1, Math.floor(most / 2));
  const bounds = Array.from({ length: slots + 1 }, (_, slot) => Math.round((slot * data.times.length) / slots));
  const times: number[] = [];
  for (let slot = 0; slot < slots; slot++) {
    const first = data.times[bounds[slot] ?? 0] ?? 0;
    const last = data.times[(bounds[slot + 1] ?? 1) - 1] ?? first;
    times.push(first, last > first ? last : first + 1);
  }
  return { times, series: data.series.map((series) => thinSeries(series, bounds)) };
}

function thinSeries<One extends Line>(series: One, bounds: readonly number[]): One {
  const values: (number | undefined)[] = [];
  for (let slot = 0; slot + 1 < bounds.length; slot++) values.push(...slotEnds(series.values, bounds[slot] ?? 0, bounds[slot + 1] ?? 0));
  return { ...series, values };
}

function slotEnds(values: readonly (number | undefined)[], from: number, to: number): [number | undefined, number | undefined] {
  let low: number | undefined;
  let high: number | undefined;
  let lowAt = 0;
  let highAt = 0;
  for (let i = from; i < to; i++) {
    const value = values[i];
    if (value === undefined || !Number.isFinite(value)) continue;
    if (low === undefined || value < low) [low, lowAt] = [value, i];
    if (high === undefined || value > high) [high, highAt] = [value, i];
  }
  return lowAt <= highAt ? [low, high] : [high, low];
}
