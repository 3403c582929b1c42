import type { PanelSeries } from './panel-data.js';

export type Stacking = 'none' | 'normal' | 'percent';

/**
 * What is drawn of each series: its values, or where its upper edge lies on those before it. `percent` makes the whole of
 * each step 100. Values that are missing or not finite add nothing, and stay gaps of their own series.
 */
export function stacked(series: readonly PanelSeries[], stacking: Stacking): readonly (readonly (number | undefined)[])[] {
  if (stacking === 'none') return series.map(({ values }) => values);
  const length = series[0]?.values.length ?? 0;
  const totals = new Float64Array(length);
  if (stacking === 'percent') for (const { values } of series) values.forEach((value, i) => (totals[i] = (totals[i] ?? 0) + Math.abs(finite(value))));
  const heights = new Float64Array(length);
  return series.map(({ values }) =>
    values.map((value, i) => {
      if (value === undefined || !Number.isFinite(value)) return undefined;
      const total = totals[i] ?? 0;
      const added = stacking === 'normal' ? value : total === 0 ? 0 : (Math.abs(value) / total) * 100;
      return (heights[i] = (heights[i] ?? 0) + added);
    }),
  );
}

function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : 0;
}
