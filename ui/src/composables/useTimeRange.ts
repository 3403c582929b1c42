import type { ComputedRef, WritableComputedRef } from 'vue';
import { computed } from 'vue';
import type { Instants, TimeBound } from './time-range.js';
import { instantOf, parseBound, parseDuration } from './time-range.js';
import { useUrlState } from './useUrlState.js';

/** What the refresh picker offers; `auto` follows the query's own step, at a bearable pace. */
export const refreshChoices = ['auto', '5s', '15s', '30s', '1m', '5m', 'off'] as const;

const standardBack = 900_000;

/** A redraw costs tens of milliseconds a chart, so `auto` does not follow steps that are shorter than this. */
const leastAutoInterval = 5_000;
const shortestOwnPace = 1_800_000;

/** The range of a page; its refs are written to the address. */
export interface TimeRangeState {
  readonly from: WritableComputedRef<string>;
  readonly to: WritableComputedRef<string>;
  readonly zone: WritableComputedRef<string>;
  readonly refresh: WritableComputedRef<string>;
  readonly bounds: ComputedRef<{ from: TimeBound; to: TimeBound }>;
  /** Milliseconds of a window that ends now; `undefined` for any other range. */
  readonly window: ComputedRef<number | undefined>;
  /** Milliseconds between refreshes; `undefined` where the query's own step decides, and for `off`. */
  readonly interval: ComputedRef<number | undefined>;
  /** Sets the range to two instants, as a drag over a chart does. */
  readonly zoom: (range: Instants) => void;
}

/** The page's time range, zone and refresh, as the address carries them. Texts that are no range count as the last quarter of an hour. */
export function useTimeRange(): TimeRangeState {
  const from = useUrlState('from', 'now-15m');
  const to = useUrlState('to', 'now');
  const zone = useUrlState('tz', 'local');
  const refresh = useUrlState('refresh', 'auto');
  const bounds = computed<{ from: TimeBound; to: TimeBound }>(() => ({
    from: parseBound(from.value, zone.value) ?? { kind: 'relative', back: standardBack },
    to: parseBound(to.value, zone.value) ?? { kind: 'relative', back: 0 },
  }));
  const window = computed(() => movingWindow(bounds.value));
  return {
    from,
    to,
    zone,
    refresh,
    bounds,
    window,
    interval: computed(() => (refresh.value === 'auto' ? autoInterval(window.value) : parseDuration(refresh.value))),
    zoom: (range: Instants) => {
      from.value = String(Math.round(range.start));
      to.value = String(Math.round(range.end));
    },
  };
}

/** The instants of bounds at a given now. */
export function instantsOf(bounds: { from: TimeBound; to: TimeBound }, now: number): Instants {
  const end = instantOf(bounds.to, now);
  const start = instantOf(bounds.from, now);
  return start < end ? { start, end } : { start: end - standardBack, end };
}

function autoInterval(window: number | undefined): number | undefined {
  return window === undefined || window > shortestOwnPace ? undefined : leastAutoInterval;
}

function movingWindow({ from, to }: { from: TimeBound; to: TimeBound }): number | undefined {
  const endsNow = to.kind === 'relative' && to.back === 0;
  return endsNow && from.kind === 'relative' && from.back > 0 ? from.back : undefined;
}
