import type { PanelData, PanelSeries } from '../charts/panel-data.js';
import { legendName } from '../charts/panel-data.js';
import type { FloatValue } from '../graphql/float-column.js';
import { decodeFloat } from '../graphql/float-column.js';
import type { LiveWindow } from './live-window.js';
import { windowTimes } from './live-window.js';

/** The frames of one answer, as the wire has them. */
export interface WireFrame {
  readonly labels: Readonly<Record<string, string>>;
  readonly times: readonly number[];
  readonly values: readonly FloatValue[];
}

/** A live window as a panel; `query` is the query's place in the panel and `legend` its template. */
export function windowToPanel(window: LiveWindow, query: number, legend: string): PanelData {
  return { times: windowTimes(window), series: window.series.map(({ labels, values }) => seriesOf(query, legend, labels, values)) };
}

/** Frames as a panel on the full grid of their step, so that left-out steps are gaps and not lines across them. */
export function framesToPanel(frames: readonly WireFrame[], step: number, query: number, legend: string): PanelData {
  const first = frames.reduce((least, { times }) => Math.min(least, times[0] ?? Infinity), Infinity);
  const last = frames.reduce((most, { times }) => Math.max(most, times.at(-1) ?? -Infinity), -Infinity);
  if (!Number.isFinite(first) || !Number.isFinite(last)) return { times: [], series: [] };
  const length = Math.round((last - first) / step) + 1;
  const times = Array.from({ length }, (_, i) => first + i * step);
  const series = frames.map((frame) => {
    const values = new Array<number | undefined>(length).fill(undefined);
    frame.times.forEach((at, i) => {
      values[Math.round((at - first) / step)] = decodeFloat(frame.values[i]);
    });
    return seriesOf(query, legend, frame.labels, values);
  });
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
