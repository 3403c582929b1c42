import type { AlertEventKind } from '../graphql/generated/graphql.js';

/** A time during which an alert was not quiet. */
export interface StateSpan {
  readonly start: number;
  readonly end: number;
  readonly state: 'pending' | 'firing';
}

/** A change of state, as histories and back-tests tell it. */
export interface StateChange {
  readonly at: number;
  readonly kind: AlertEventKind;
}

/** Changes of one evaluation in the order in which they come about. */
const order: Readonly<Record<AlertEventKind, number>> = { RESOLVED: 0, INACTIVE: 0, SETTLED: 0, PENDING: 1, FIRING: 2, FLAPPING: 3 };

/** What an alert was from `start` to `end`, by its changes. One that ended before anything of it was told has been going on from the start. */
export function spansOf(changes: readonly StateChange[], start: number, end: number): readonly StateSpan[] {
  const spans: StateSpan[] = [];
  let open: { from: number; state: StateSpan['state'] } | undefined;
  const close = (at: number): void => {
    if (open !== undefined) spans.push({ start: Math.max(start, open.from), end: Math.min(end, at), state: open.state });
    open = undefined;
  };
  for (const [i, { at, kind }] of [...changes].sort((a, b) => a.at - b.at || order[a.kind] - order[b.kind]).entries()) {
    if (kind === 'FLAPPING' || kind === 'SETTLED') continue;
    if (i === 0 && kind === 'RESOLVED') open = { from: start, state: 'firing' };
    if (i === 0 && kind === 'INACTIVE') open = { from: start, state: 'pending' };
    close(at);
    if (kind === 'PENDING') open = { from: at, state: 'pending' };
    if (kind === 'FIRING') open = { from: at, state: 'firing' };
  }
  close(end);
  return spans.filter((span) => span.end > span.start && span.end >= start && span.start <= end);
}

/** When any of several was so: spans of one state that touch are one. What fires comes last, so that it is drawn over what is pending. */
export function unionOf(spans: readonly StateSpan[]): readonly StateSpan[] {
  return (['pending', 'firing'] as const).flatMap((state) => {
    const merged: { start: number; end: number; state: StateSpan['state'] }[] = [];
    for (const span of spans.filter((one) => one.state === state).sort((a, b) => a.start - b.start)) {
      const last = merged.at(-1);
      if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
      else merged.push({ ...span });
    }
    return merged;
  });
}
