import type { ComputedRef, WritableComputedRef } from 'vue';
import { computed } from 'vue';
import type { Instants, TimeBound } from './time-range.js';
import { durationText, instantOf, parseBound, parseDuration } from './time-range.js';
import { isZone } from '../charts/zone.js';
import { useUrlState } from './useUrlState.js';

/** What the refresh picker offers; `auto` follows the query's own step, at a bearable pace. */
export const refreshChoices = ['auto', '5s', '15s', '30s', '1m', '5m', 'off'] as const;

/** Short enough that lines are seen to move soon after the start of a server. */
const standardFrom = 'now-5m';
const standardBack = 300_000;

/** A redraw costs tens of milliseconds a chart, so `auto` does not follow steps that are shorter than this. */
const leastAutoInterval = 5_000;
const shortestOwnPace = 1_800_000;

/** The range of a page; its refs are written to the address. */
export interface TimeRangeState {
  readonly from: WritableComputedRef<string>;
  readonly to: WritableComputedRef<string>;
  /** `local` where the address names a zone that there is not. */
  readonly zone: WritableComputedRef<string>;
  readonly refresh: WritableComputedRef<string>;
  /** What the range is laid over: nothing, `period`, or a duration. */
  readonly past: WritableComputedRef<string>;
  readonly bounds: ComputedRef<{ from: TimeBound; to: TimeBound }>;
  /** Milliseconds of a window that ends now; `undefined` for any other range. */
  readonly window: ComputedRef<number | undefined>;
  /** Milliseconds between refreshes; `undefined` where the query's own step decides, and for `off`. */
  readonly interval: ComputedRef<number | undefined>;
  /** Sets the range to two instants, as a drag over a chart does. */
  readonly zoom: (range: Instants) => void;
  /** Doubles the range; one that ends now still does, and goes on moving. */
  readonly zoomOut: () => void;
  /** Moves the range by half of its length, back with -1 and forward with 1, but not past now. */
  readonly pan: (direction: -1 | 1) => void;
  /** A range as long as this one that ends now. */
  readonly catchUp: () => void;
}

/** What holds where the address says nothing. */
export interface TimeDefaults {
  readonly from: string;
  readonly to: string;
  /** `local`, `UTC`, or a zone's name. */
  readonly zone: string;
  readonly refresh: string;
}

const standard: TimeDefaults = { from: standardFrom, to: 'now', zone: 'local', refresh: 'auto' };

/** The page's time range, zone and refresh, as the address carries them. Texts that are no range count as the last five minutes. */
export function useTimeRange(defaults: () => TimeDefaults = () => standard): TimeRangeState {
  const from = useUrlState('from', () => defaults().from);
  const to = useUrlState('to', () => defaults().to);
  const zoneText = useUrlState('tz', () => defaults().zone);
  const zone = computed({
    get: () => (isZone(zoneText.value) ? zoneText.value : 'local'),
    set: (chosen) => {
      zoneText.value = chosen;
    },
  });
  const refresh = useUrlState('refresh', () => defaults().refresh);
  const bounds = computed<{ from: TimeBound; to: TimeBound }>(() => ({
    from: parseBound(from.value, zone.value) ?? { kind: 'relative', back: standardBack },
    to: parseBound(to.value, zone.value) ?? { kind: 'relative', back: 0 },
  }));
  const window = computed(() => movingWindow(bounds.value));
  const set = (start: string, end: string): void => {
    from.value = start;
    to.value = end;
  };
  const zoom = ({ start, end }: Instants): void => set(String(Math.round(start)), String(Math.round(end)));
  return {
    from,
    to,
    zone,
    refresh,
    past: useUrlState('past', ''),
    bounds,
    window,
    interval: computed(() => (refresh.value === 'auto' ? autoInterval(window.value) : parseDuration(refresh.value))),
    zoom,
    zoomOut() {
      const { start, end } = instantsOf(bounds.value, Date.now());
      if (window.value !== undefined) set(`now-${durationText(window.value * 2)}`, 'now');
      else zoom({ start: start - (end - start) / 2, end: Math.min(end + (end - start) / 2, Date.now()) });
    },
    pan(direction) {
      const { start, end } = instantsOf(bounds.value, Date.now());
      const by = Math.min((direction * (end - start)) / 2, Date.now() - end);
      zoom({ start: start + by, end: end + by });
    },
    catchUp() {
      const { start, end } = instantsOf(bounds.value, Date.now());
      set(`now-${durationText(Math.max(1000, end - start))}`, 'now');
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
