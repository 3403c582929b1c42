import type { PlotGeometry } from '../charts/plot-geometry.js';

/** A threshold that can be moved on a chart. */
export interface ThresholdLine {
  readonly id: string;
  readonly value: number;
  /** What it is, `fires above`. */
  readonly text: string;
  readonly kind: 'fire' | 'resolve';
}

/** How far one key press, or about one pixel, moves a line: a round part of what the axis spans. */
export function lineStep({ axis }: Pick<PlotGeometry, 'axis'>): number {
  const span = axis.max - axis.min;
  return span > 0 ? 10 ** Math.floor(Math.log10(span / 100)) : 1;
}

/** The value of a place on the chart, as round as the chart can tell. */
export function valueAt(geometry: Pick<PlotGeometry, 'axis' | 'height'>, y: number): number {
  const { axis, height } = geometry;
  const value = axis.min + ((height - Math.min(Math.max(y, 0), height)) / height) * (axis.max - axis.min);
  return rounded(value, lineStep(geometry));
}

/** Without the noise of binary fractions. */
export function rounded(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toPrecision(12));
}

/** Ends for an axis on which the values and all lines have a place; undefined where the values' own do. */
export function axisEnds(low: number, high: number, lines: readonly number[]): { readonly min: number | undefined; readonly max: number | undefined } {
  const finite = lines.filter(Number.isFinite);
  if (finite.length === 0) return { min: undefined, max: undefined };
  const [from, to] = [Math.min(low, ...finite), Math.max(high, ...finite)];
  const margin = (to - from || Math.abs(to) || 1) * 0.08;
  // An axis of amounts begins at zero where that is near.
  const bottom = from >= 0 && from < to * 0.6 ? 0 : from - margin;
  return { min: from < low || !Number.isFinite(low) ? bottom : undefined, max: to > high || !Number.isFinite(high) ? to + margin : undefined };
}
