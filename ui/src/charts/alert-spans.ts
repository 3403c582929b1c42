import type { ComputedRef, InjectionKey } from 'vue';
import { computed, inject, provide } from 'vue';

/** How long an alert fired. One that still does has no end. */
export interface AlertSpan {
  readonly name: string;
  readonly start: number;
  readonly end: number | undefined;
}

/** What became of an alert instance, as its history tells. */
interface AlertChange {
  readonly at: number;
  readonly kind: string;
  readonly fingerprint: string;
  readonly alertname: string;
}

/** What ends a span; other things happen to an alert while it fires. */
const ends: ReadonlySet<string> = new Set(['RESOLVED', 'INACTIVE']);

const key: InjectionKey<ComputedRef<readonly AlertSpan[]>> = Symbol('alert spans');

/** Lets all charts below this component mark when alerts fired. */
export function provideAlertSpans(spans: ComputedRef<readonly AlertSpan[]>): void {
  provide(key, spans);
}

/** When alerts fired, as far as the page knows. */
export function useAlertSpans(): ComputedRef<readonly AlertSpan[]> {
  return inject(key, () => computed(() => []), true);
}

/** The spans that a history tells of, in whatever order it comes. Spans of one alert that overlap, as those of several instances do, are one. */
export function spansOf(changes: readonly AlertChange[]): AlertSpan[] {
  const begun = new Map<string, AlertChange>();
  const spans: AlertSpan[] = [];
  for (const change of [...changes].sort((a, b) => a.at - b.at)) {
    const first = begun.get(change.fingerprint);
    if (change.kind === 'FIRING') {
      if (first === undefined) begun.set(change.fingerprint, change);
    } else if (first !== undefined && ends.has(change.kind)) {
      begun.delete(change.fingerprint);
      spans.push({ name: change.alertname, start: first.at, end: change.at });
    }
  }
  for (const { alertname, at } of begun.values()) spans.push({ name: alertname, start: at, end: undefined });
  return united(spans);
}

function united(spans: readonly AlertSpan[]): AlertSpan[] {
  const byName = new Map<string, AlertSpan[]>();
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const of = byName.get(span.name) ?? [];
    const last = of.at(-1);
    if (last !== undefined && (last.end === undefined || last.end >= span.start)) {
      of[of.length - 1] = { ...last, end: last.end === undefined || span.end === undefined ? undefined : Math.max(last.end, span.end) };
    } else of.push(span);
    byName.set(span.name, of);
  }
  return [...byName.values()].flat().sort((a, b) => a.start - b.start);
}
