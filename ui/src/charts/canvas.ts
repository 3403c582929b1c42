import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { LinePlot, PlotStyle, Renderer } from './line-plotter.js';

/** Columns as uPlot takes them: a null is a gap. */
type Column = (number | null)[];

/**
 * Lines on a canvas, for what is too much for ApexCharts. uPlot draws and does nothing else: axes, legend and cursor are off, both scales
 * are pinned. A chart stays as long as its lines and their colours do, and is given new columns.
 */
export function createCanvasRenderer(element: HTMLElement): Renderer {
  let chart: uPlot | undefined;
  let shape = '';
  let drawn: LinePlot;
  let lone: readonly (readonly number[])[] = [];

  return {
    draw(plot) {
      drawn = plot;
      const columns = plot.lines.map(({ values }) => columnOf(values));
      lone = columns.map(loneIn);
      const asked = [plot.style, ...plot.lines.map(({ colour, isDashed }) => `${colour}${isDashed ? '-' : ''}`)].join();
      const data: uPlot.AlignedData = [[...plot.times], ...columns];
      if (chart === undefined || asked !== shape) {
        chart?.destroy();
        shape = asked;
        chart = new uPlot(optionsOf(plot, () => drawn, (line) => lone[line] ?? []), data, element);
        return;
      }
      if (chart.width !== plot.width || chart.height !== plot.height) chart.setSize(plot);
      chart.setData(data);
    },
    close() {
      chart?.destroy();
      chart = undefined;
    },
  };
}

function optionsOf(plot: LinePlot, current: () => LinePlot, loneOf: (line: number) => readonly number[]): uPlot.Options {
  return {
    width: plot.width,
    height: plot.height,
    padding: [0, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: false, range: () => [current().start, current().end] },
      y: { range: () => [current().min, current().max] },
    },
    series: [{}, ...plot.lines.map(({ colour, isDashed }, i) => ({ ...seriesOf(plot.style, colour, () => loneOf(i)), ...(isDashed ? { dash: [4, 4] } : {}) }))],
  };
}

/** Six digits of colour and two of how much of it covers what lies behind. */
const COVER: Readonly<Record<PlotStyle, string>> = { line: '', points: '', tint: '2b', solid: 'cc', bars: 'cc' };

function seriesOf(style: PlotStyle, colour: string, lone: () => readonly number[]): uPlot.Series {
  const fill = COVER[style] === '' ? {} : { fill: `${colour}${COVER[style]}` };
  const bars = style === 'bars' && uPlot.paths.bars !== undefined ? { paths: uPlot.paths.bars({ size: [0.7, 40, 1] }) } : {};
  return {
    stroke: colour,
    width: style === 'points' || style === 'bars' ? 0 : style === 'solid' ? 1 : 1.5,
    ...(style === 'points' ? { paths: () => null } : {}),
    ...fill,
    ...bars,
    points: {
      show: style === 'points',
      size: 5,
      width: 0,
      fill: colour,
      // A sample between two gaps is no line; it is drawn as a dot.
      filter: (_, __, isShown) => (isShown || style === 'bars' ? null : [...lone()]),
    },
  };
}

/** NaN and the infinities have no place on an axis: they are gaps, as missing samples are. */
function columnOf(values: readonly (number | undefined)[]): Column {
  return values.map((value) => (value === undefined || !Number.isFinite(value) ? null : value));
}

function loneIn(column: Column): number[] {
  const isGap = (i: number): boolean => (column[i] ?? null) === null;
  return column.flatMap((value, i) => (value !== null && isGap(i - 1) && isGap(i + 1) ? [i] : []));
}
