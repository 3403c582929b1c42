import type { PanelData, PanelSeries } from '../charts/panel-data.js';
import { legendName } from '../charts/panel-data.js';
import { unpackValues } from '../graphql/packed-column.js';
import type { LiveWindow } from './live-window.js';
import { windowTimes } from './live-window.js';

/** The answer to a range query, as the wire has it. */
export interface RangeAnswer {
  /** The grid; it is missing where there is nothing to draw. */
  readonly start?: number | null;
  readonly step?: number | null;
  readonly steps?: number | null;
  readonly frames: readonly { readonly labels: Readonly<Record<string, string>>; readonly packed?: string | null }[];
}

/** A live window as a panel; `query` is the query's place in the panel and `legend` its template. */
export function windowToPanel(window: LiveWindow, query: number, legend: string): PanelData {
  return { times: windowTimes(window), series: window.series.map(({ labels, values }) => seriesOf(query, legend, labels, values)) };
}

/** Frames as a panel on the whole grid, so that steps without a sample are gaps and not lines across them. */
export function framesToPanel({ start, step, steps, frames }: RangeAnswer, query: number, legend: string): PanelData {
  if (frames.length === 0 || !isNumber(start) || !isNumber(step) || !isNumber(steps)) return { times: [], series: [] };
  const times = Array.from({ length: steps }, (_, i) => start + i * step);
  const series = frames.map(({ labels, packed }) => seriesOf(query, legend, labels, isText(packed) ? unpackValues(packed) : []));
  return { times, series };
}

/** Several queries' panels as one, on the union of their times. */
export function mergePanels(panels: readonly PanelData[]): PanelData {
  const [first, ...others] = panels.filter(({ series }) => series.length > 0);
  if (first === undefined) return { times: [], series: [] };
  if (others.length === 0) return first;
  const times = others.every((panel) => isSameGrid(panel, first)) ? first.times : unionOf([first, ...others]);
  return { times, series: [first, ...others].flatMap((panel) => (isSameTimes(panel.times, times) ? panel.series : onGrid(panel, times))) };
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number';
}

function isText(value: string | null | undefined): value is string {
  return typeof value === 'string';
}

function seriesOf(query: number, legend: string, labels: Readonly<Record<string, string>>, values: readonly (number | undefined)[]): PanelSeries {
  const identity = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return { key: JSON.stringify([query, identity]), labels, name: legendName(legend, labels), values };
}

function isSameGrid(a: PanelData, b: PanelData): boolean {
  return isSameTimes(a.times, b.times);
}

function isSameTimes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a[0] === b[0] && a.at(-1) === b.at(-1);
}

function unionOf(panels: readonly PanelData[]): number[] {
  return [...new Set(panels.flatMap(({ times }) => times))].sort((a, b) => a - b);
}

function onGrid(panel: PanelData, times: readonly number[]): PanelSeries[] {
  const place = new Map(panel.times.map((at, i) => [at, i]));
  const places = times.map((at) => place.get(at));
  return panel.series.map((series) => ({ ...series, values: places.map((i) => (i === undefined ? undefined : series.values[i])) }));
}
