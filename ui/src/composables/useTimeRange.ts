import { computed } from 'vue';
import type { Instants, TimeBound } from './time-range.js';
import { instantOf, parseBound, parseDuration } from './time-range.js';
import { useUrlState } from './useUrlState.js';

/** What the refresh picker offers; `auto` follows the query's own step. */
export const refreshChoices = ['auto', '5s', '15s', '30s', '1m', '5m', 'off'] as const;

const standardBack = 3_600_000;

/** The page's time range, zone and refresh, as the address carries them. Texts that are no range count as the last hour. */
export function useTimeRange() {
  const from = useUrlState('from', 'now-1h');
  const to = useUrlState('to', 'now');
  const zone = useUrlState('tz', 'local');
  const refresh = useUrlState('refresh', 'auto');
  const bounds = computed<{ from: TimeBound; to: TimeBound }>(() => ({
    from: parseBound(from.value, zone.value) ?? { kind: 'relative', back: standardBack },
    to: parseBound(to.value, zone.value) ?? { kind: 'relative', back: 0 },
  }));
  return {
    from,
    to,
    zone,
    refresh,
    bounds,
    /** Milliseconds of a window that ends now; `undefined` for any other range. */
    window: computed(() => movingWindow(bounds.value)),
    /** Milliseconds between refreshes; `undefined` for `auto` and `off`. */
    interval: computed(() => parseDuration(refresh.value)),
    /** Sets the range to two instants, as a drag over a chart does. */
    zoom: (range: Instants) => {
      from.value = String(Math.round(range.start));
      to.value = String(Math.round(range.end));
    },
  };
}

/** What `useTimeRange` gives. */
export type TimeRangeState = ReturnType<typeof useTimeRange>;

/** The instants of bounds at a given now. */
export function instantsOf(bounds: { from: TimeBound; to: TimeBound }, now: number): Instants {
  const end = instantOf(bounds.to, now);
  const start = instantOf(bounds.from, now);
  return start < end ? { start, end } : { start: end - standardBack, end };
}

function movingWindow({ from, to }: { from: TimeBound; to: TimeBound }): number | undefined {
  const endsNow = to.kind === 'relative' && to.back === 0;
  return endsNow && from.kind === 'relative' && from.back > 0 ? from.back : undefined;
}
