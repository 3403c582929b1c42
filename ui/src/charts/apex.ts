import type ApexCharts from 'apexcharts';
import type { ApexOptions } from 'apexcharts';
import type { LinePlot, PlotStyle, Renderer } from './line-plotter.js';

type ApexConstructor = typeof ApexCharts;

let constructor: Promise<ApexConstructor> | undefined;

/**
 * ApexCharts 4.7.0 behind the one thing asked of it: lines from columns. It is loaded when the first chart is drawn.
 *
 * What is known of it and heeded here: `updateOptions` compares with what it was given last and so ignores new ranges, heights, colours
 * and `series: []`, unless that memory is taken away; its defaults redraw all charts of a group; series names are injected as HTML in its
 * legend and tooltip, so both are off and it gets no label values; animations and markers are what costs time; its own ticks are not round.
 */
export async function createApexRenderer(element: HTMLElement): Promise<Renderer> {
  const Apex = await loadApex();
  let chart: ApexCharts | undefined;
  let style: PlotStyle | undefined;
  return {
    async draw(plot) {
      // A chart can not change its type, so another one takes its place.
      if (chart !== undefined && style !== plot.style) {
        chart.destroy();
        chart = undefined;
      }
      if (chart === undefined) {
        style = plot.style;
        chart = new Apex(element, optionsOf(plot));
        await chart.render();
      } else {
        await chart.updateOptions(optionsOf(plot), false, false, false);
      }
    },
    close() {
      chart?.destroy();
      chart = undefined;
    },
  };
}

function loadApex(): Promise<ApexConstructor> {
  constructor ??= import('apexcharts').then(({ default: Apex }) => {
    Object.defineProperty(Apex.prototype, 'lastUpdateOptions', { get: () => undefined, set: () => undefined, configurable: true });
    return Apex;
  });
  return constructor;
}

/** How lines are filled; bars are drawn on the canvas alone. */
const FILLS: Readonly<Record<Exclude<PlotStyle, 'bars'>, NonNullable<ApexOptions['fill']>>> = {
  line: { type: 'solid', opacity: 1 },
  points: { type: 'solid', opacity: 1 },
  solid: { type: 'solid', opacity: 0.8 },
  tint: { type: 'gradient', gradient: { shadeIntensity: 0, opacityFrom: 0.28, opacityTo: 0.03, stops: [0, 100] } },
};

function optionsOf(plot: LinePlot): ApexOptions {
  const colours = plot.lines.map(({ colour }) => colour);
  return {
    chart: {
      type: plot.style === 'tint' || plot.style === 'solid' ? 'area' : 'line',
      width: plot.width,
      height: plot.height,
      background: 'transparent',
      parentHeightOffset: 0,
      sparkline: { enabled: true },
      animations: { enabled: false },
      toolbar: { show: false },
      zoom: { enabled: false },
      redrawOnParentResize: false,
      redrawOnWindowResize: false,
    },
    series: plot.lines.map(({ values }, i) => ({ name: `series-${i}`, data: pointsOf(plot.times, values) })),
    colors: colours,
    stroke: { dashArray: plot.lines.map(({ isDashed }) => (isDashed ? 4 : 0)), width: plot.style === 'points' ? 0 : plot.style === 'solid' ? 1 : 2, curve: 'straight', lineCap: 'round' },
    fill: plot.style === 'bars' ? {} : FILLS[plot.style],
    // Points between gaps are drawn as markers whatever the size; in white, unless told otherwise.
    markers: { size: plot.style === 'points' ? 3 : 0, strokeColors: colours, strokeWidth: plot.style === 'points' ? 0 : 2, hover: { sizeOffset: 0 } },
    dataLabels: { enabled: false },
    legend: { show: false },
    tooltip: { enabled: false },
    states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
    grid: { show: false, padding: { left: 0, right: 0, top: 0, bottom: 0 } },
    xaxis: { type: 'numeric', min: plot.start, max: plot.end, labels: { show: false }, crosshairs: { show: false }, tooltip: { enabled: false } },
    yaxis: { min: plot.min, max: plot.max, show: false, labels: { show: false }, forceNiceScale: false },
  };
}

/** NaN and the infinities have no place on an axis: they are gaps, as missing samples are. */
function pointsOf(times: readonly number[], values: readonly (number | undefined)[]): { x: number; y: number | null }[] {
  return times.map((x, i) => {
    const value = values[i];
    return { x, y: value === undefined || !Number.isFinite(value) ? null : value };
  });
}
