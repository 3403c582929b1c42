import type { TimeTick, ValueAxis } from './axis.js';
import { timeTicks, valueAxis } from './axis.js';
import type { ValueFormat } from './format.js';
import { axisFormat } from './format.js';
import type { Zone } from './zone.js';

/** Where a chart's plot lies in its element and how times and values become pixels. */
export interface PlotGeometry {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly start: number;
  readonly end: number;
  readonly axis: ValueAxis;
  readonly timeTicks: readonly TimeTick[];
  readonly format: ValueFormat;
  /** The axis on the right, for series of another unit; drawn on the left one's scale by `toLeft`. */
  readonly right: { readonly ticks: readonly number[]; readonly format: ValueFormat; readonly toLeft: (value: number) => number } | undefined;
  /** Pixels from the plot's left edge. */
  xOf(at: number): number;
  /** Pixels from the plot's upper edge. */
  yOf(value: number): number;
  /** The time at so many pixels from the plot's left edge. */
  timeAt(x: number): number;
}

/** What a geometry is made of. */
export interface PlotRequest {
  readonly width: number;
  readonly height: number;
  readonly start: number;
  readonly end: number;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly zone: Zone;
  /** Ends that the axis has whatever the values are. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly right?: { readonly low: number; readonly high: number; readonly unit: string } | undefined;
}

/** About how wide a character of an axis label is, in pixels. */
export const characterWidth = 6.4;
const gutter = { top: 8, right: 12, bottom: 22 };

/** Lays out one chart: gutters as wide as their labels, as many ticks as there is room for. */
export function layOut(request: PlotRequest): PlotGeometry {
  const height = Math.max(20, request.height - gutter.top - gutter.bottom);
  const most = Math.max(2, Math.min(6, Math.floor(height / 36)));
  const axis = pinned(valueAxis(request.min ?? request.low, request.max ?? request.high, request.unit, most), request);
  const format = axisFormat(request.unit, axis.ticks);
  const right = request.right && rightAxis(request.right, axis, most);
  const left = Math.max(34, labelWidth(axis.ticks, format));
  const width = Math.max(20, request.width - left - (right === undefined ? gutter.right : labelWidth(right.ticks, right.format)));
  const { start, end } = request;
  const span = Math.max(1, end - start);
  const rise = axis.max - axis.min || 1;
  return {
    left, top: gutter.top, width, height, start, end, axis, format, right,
    timeTicks: timeTicks(start, end, Math.max(2, Math.floor(width / 70)), request.zone),
    xOf: (at) => ((at - start) / span) * width,
    yOf: (value) => height - ((value - axis.min) / rise) * height,
    timeAt: (x) => start + (Math.min(Math.max(x, 0), width) / width) * span,
  };
}

function labelWidth(ticks: readonly number[], format: ValueFormat): number {
  return Math.ceil(ticks.reduce((most, tick) => Math.max(most, format(tick).length), 0) * characterWidth) + 14;
}

/** Ends that were asked for are kept to the digit; round values between them stay. */
function pinned(axis: ValueAxis, { min = axis.min, max = axis.max }: Pick<PlotRequest, 'min' | 'max'>): ValueAxis {
  if (!(min < max)) return axis;
  return { min, max, ticks: axis.ticks.filter((tick) => tick >= min && tick <= max) };
}

function rightAxis({ low, high, unit }: NonNullable<PlotRequest['right']>, left: ValueAxis, most: number): PlotGeometry['right'] {
  const axis = valueAxis(low, high, unit, most);
  const scale = (left.max - left.min) / (axis.max - axis.min || 1);
  return { ticks: axis.ticks, format: axisFormat(unit, axis.ticks), toLeft: (value) => left.min + (value - axis.min) * scale };
}
