import type { PanelData } from '../../charts/panel-data.js';

/** A histogram over time: for each bucket, lowest first, how much fell into it at each step. */
export interface Heatmap {
  readonly times: readonly number[];
  readonly buckets: readonly { readonly from: number; readonly to: number; readonly counts: readonly (number | undefined)[] }[];
  readonly most: number;
}

/**
 * Buckets out of series with a label `le`. Each counts all that is at most its bound, as Prometheus has it, so a bucket is
 * what it has more than the one below; series of one bound are added up. Series without `le` are left out.
 */
export function heatmapOf({ times, series }: PanelData): Heatmap {
  const byBound = new Map<number, (number | undefined)[]>();
  for (const { labels, values } of series) {
    const bound = boundOf(labels.le);
    if (bound === undefined) continue;
    const sum = byBound.get(bound) ?? new Array<number | undefined>(times.length).fill(undefined);
    values.forEach((value, i) => {
      if (value !== undefined) sum[i] = (sum[i] ?? 0) + value;
    });
    byBound.set(bound, sum);
  }
  const bounds = [...byBound.keys()].sort((a, b) => a - b);
  let most = 0;
  const buckets = bounds.map((to, i) => {
    const below = byBound.get(bounds[i - 1] ?? NaN);
    const counts = (byBound.get(to) ?? []).map((value, step) => {
      if (value === undefined) return undefined;
      const count = Math.max(0, value - (below?.[step] ?? 0));
      if (Number.isFinite(count)) most = Math.max(most, count);
      return count;
    });
    return { from: bounds[i - 1] ?? -Infinity, to, counts };
  });
  return { times, buckets, most };
}

function boundOf(le: string | undefined): number | undefined {
  if (le === undefined || le === '') return undefined;
  const bound = le === '+Inf' ? Infinity : Number(le);
  return Number.isNaN(bound) ? undefined : bound;
}

/** How strong a cell is drawn, from 0 to 1. The root keeps small counts visible beside large ones. */
export function strength(count: number, most: number, scale: 'linear' | 'logarithmic'): number {
  if (most <= 0 || count <= 0) return 0;
  return scale === 'linear' ? Math.sqrt(Math.min(1, count / most)) : Math.log1p(Math.min(1, count / most) * 1000) / Math.log1p(1000);
}
