import type { ComputedRef, Ref, ShallowRef } from 'vue';
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue';
import type { PanelData } from '../charts/panel-data.js';
import { RangeDocument } from '../graphql/generated/graphql.js';
import type { Problem } from '../graphql/problem.js';
import { framesToPanel, mergePanels, windowToPanel } from './panel-frames.js';
import { pastChoices, pastRange, withPast } from './past-period.js';
import type { Instants } from './time-range.js';
import { parseDuration } from './time-range.js';
import { useLiveFrames } from './useLiveFrames.js';
import { useQuery } from './useQuery.js';
import type { TimeRangeState } from './useTimeRange.js';
import { choicesFor } from './variable-choice.js';
import type { VariableChoice } from './variable-choice.js';
import { instantsOf } from './useTimeRange.js';

/** A query of a panel. */
export interface PanelQuery {
  readonly expression: string;
  readonly legend: string;
}

/** What a panel asks for and when. */
export interface PanelRequest {
  readonly queries: readonly (() => PanelQuery)[];
  readonly time: TimeRangeState;
  /** Points a series at most; by the panel's width. */
  readonly maxPoints: () => number;
  readonly isVisible: () => boolean;
  /** Whether it is drawn over time, so that a former period can be laid under it. */
  readonly takesPast?: () => boolean;
  /** Counts up when the viewer asks for a refresh. */
  readonly refreshes: () => number;
  /** What is chosen above the panel; undefined while that is not known. */
  readonly variables: () => readonly VariableChoice[] | undefined;
}

/** What a panel shows. */
export interface PanelState {
  readonly data: Readonly<ShallowRef<PanelData | undefined>>;
  /** What the time axis spans. */
  readonly range: Readonly<ShallowRef<Instants>>;
  readonly problem: ComputedRef<Problem | undefined>;
  readonly loading: ComputedRef<boolean>;
  readonly warnings: ComputedRef<readonly string[]>;
  /** How it was answered, where that is worth knowing: rolled-up data, say. */
  readonly infos: ComputedRef<readonly string[]>;
  /** Whether new data arrives by itself. */
  readonly isLive: ComputedRef<boolean>;
  readonly retry: () => void;
}

const autoInterval = 30_000;

/**
 * The data of a panel: live subscriptions while its range ends now and refreshes, range queries otherwise. Everything that arrives within
 * one frame of the screen is one change of `data`.
 */
export function usePanelData(request: PanelRequest): PanelState {
  const { time } = request;
  const isLive = computed(() => time.window.value !== undefined && time.refresh.value !== 'off');
  const askedAt = useAskedAt(request, isLive);
  const instants = computed(() => instantsOf(time.bounds.value, askedAt.value));
  const back = computed(() => (request.takesPast?.() === true ? backOf(time.past.value, instants.value) : undefined));
  const sources = request.queries.map((query, index) => useSource(request, query, index, { isLive, instants, back }));

  const data = shallowRef<PanelData>();
  const range = shallowRef<Instants>(instants.value);
  let frame = 0;
  const collect = (): void => {
    frame = 0;
    const parts = sources.map(({ panel }) => panel.value).filter((part) => part !== undefined);
    const present = parts.length === 0 ? undefined : mergePanels(parts);
    const past = sources.flatMap((source) => source.past.value ?? []);
    data.value = present === undefined || past.length === 0 ? present : withPast(present, mergePanels(past), back.value ?? 0, pastText(time.past.value));
    range.value = isLive.value ? (sources.map((source) => source.span.value).find((span) => span !== undefined) ?? instants.value) : instants.value;
  };
  watch([...sources.flatMap(({ panel, past }) => [panel, past]), isLive, instants], () => {
    if (frame === 0) frame = requestAnimationFrame(collect);
  });
  onBeforeUnmount(() => cancelAnimationFrame(frame));

  return {
    data,
    range,
    problem: computed<Problem | undefined>(() => sources.map(({ problem }) => problem.value).find((found) => found !== undefined)),
    loading: computed(() => data.value === undefined),
    isLive,
    warnings: computed(() => [...new Set(sources.flatMap(({ warnings }) => warnings.value))]),
    infos: computed(() => [...new Set(sources.flatMap(({ infos }) => infos.value))]),
    retry: () => sources.forEach((source) => source.retry()),
  };
}

function useSource(
  request: PanelRequest,
  query: () => PanelQuery,
  index: number,
  { isLive, instants, back }: { readonly isLive: { readonly value: boolean }; readonly instants: { readonly value: Instants }; readonly back: { readonly value: number | undefined } },
) {
  const { time } = request;
  const choices = computed(() => choicesFor(query().expression, request.variables() ?? []));
  // The same choices are the same question, whoever made the list.
  const chosen = computed<VariableChoice[]>((before) => (JSON.stringify(before) === JSON.stringify(choices.value) && before !== undefined ? before : choices.value));
  const isAsked = computed(() => request.isVisible() && request.maxPoints() > 0 && request.variables() !== undefined);
  const live = useLiveFrames(
    () => ({ query: query().expression, window: time.window.value ?? 0, interval: time.interval.value, maxPoints: request.maxPoints(), variables: chosen.value }),
    () => isLive.value && isAsked.value,
  );
  const fixed = useQuery(
    RangeDocument,
    () => ({ query: query().expression, ...instants.value, maxPoints: request.maxPoints(), variables: chosen.value }),
    { enabled: () => !isLive.value && isAsked.value && query().expression !== '' },
  );
  const span = computed(() => live.frames.value && { start: live.frames.value.start, end: live.frames.value.end });
  // On the steps of the present, so that both are as fine.
  const step = computed(() => (isLive.value ? live.frames.value?.step : (fixed.data.value?.range.step ?? undefined)));
  const asked = computed(() => pastRange((isLive.value ? span.value : undefined) ?? instants.value, back.value ?? 0, isLive.value));
  const former = useQuery(
    RangeDocument,
    () => ({ query: query().expression, ...asked.value, ...(step.value === undefined ? { maxPoints: request.maxPoints() } : { step: step.value }), variables: chosen.value }),
    { enabled: () => back.value !== undefined && isAsked.value && query().expression !== '' },
  );
  return {
    past: computed(() => (back.value === undefined ? undefined : fixedPanel(former.data.value?.range, index, query().legend))),
    infos: computed(() => (isLive.value ? [] : (fixed.data.value?.range.infos ?? []))),
    panel: computed(() => (isLive.value ? livePanel(live.frames.value, index, query().legend) : fixedPanel(fixed.data.value?.range, index, query().legend))),
    span,
    // While a live query has something to show it stays, and what went wrong since is a warning.
    problem: computed(() => (isLive.value ? (live.frames.value === undefined ? live.problem.value : undefined) : fixed.problem.value)),
    warnings: computed(() => {
      if (!isLive.value) return fixed.data.value?.range.warnings ?? [];
      const failed = live.problem.value === undefined ? [] : [`Not up to date: ${live.problem.value.message}`];
      return live.frames.value === undefined ? [] : [...failed, ...live.frames.value.warnings];
    }),
    retry: () => {
      if (isLive.value) live.retry();
      else fixed.refetch();
    },
  };
}

/** Milliseconds between a range and what it is laid over. */
function backOf(past: string, { start, end }: Instants): number | undefined {
  return past === 'period' ? end - start : past === '' ? undefined : parseDuration(past);
}

function pastText(past: string): string {
  return pastChoices.find(({ value }) => value === past)?.text ?? `${past} before`;
}

function livePanel(frames: Parameters<typeof windowToPanel>[0] | undefined, index: number, legend: string): PanelData | undefined {
  return frames === undefined ? undefined : windowToPanel(frames, index, legend);
}

function fixedPanel(
  result: Parameters<typeof framesToPanel>[0] | undefined,
  index: number,
  legend: string,
): PanelData | undefined {
  return result === undefined ? undefined : framesToPanel(result, index, legend);
}

/** When the range's `now` is, for range queries: renewed on request, and by the refresh interval where the range moves. */
function useAskedAt(request: PanelRequest, isLive: { readonly value: boolean }): Ref<number> {
  const { time } = request;
  const askedAt = ref(Date.now());
  const renew = (): void => {
    askedAt.value = Date.now();
  };
  watch([request.refreshes, time.from, time.to, isLive], renew);
  let timer: ReturnType<typeof setInterval> | undefined;
  const moves = computed(() => !isLive.value && (time.bounds.value.from.kind === 'relative' || time.bounds.value.to.kind === 'relative'));
  watch([moves, time.refresh, time.interval], () => {
    clearInterval(timer);
    if (moves.value && time.refresh.value !== 'off') timer = setInterval(renew, time.interval.value ?? autoInterval);
  }, { immediate: true });
  onBeforeUnmount(() => clearInterval(timer));
  return askedAt;
}
