import { redraws } from './redraw-queue.js';

/** Lines, lines over tinted ground, areas that hide what is behind them, points alone, or bars from zero. */
export type PlotStyle = 'line' | 'tint' | 'solid' | 'points' | 'bars';

/** What is drawn: lines on one array of times, with both axes pinned. Ticks, grid, tooltip and legend are drawn elsewhere. */
export interface LinePlot {
  readonly width: number;
  readonly height: number;
  readonly times: readonly number[];
  readonly lines: readonly { readonly colour: string; readonly isDashed: boolean; readonly values: readonly (number | undefined)[] }[];
  readonly start: number;
  readonly end: number;
  readonly min: number;
  readonly max: number;
  readonly style: PlotStyle;
}

/** Draws plots into one element. */
export interface Renderer {
  draw(plot: LinePlot): Promise<void> | void;
  /** Leaves the element empty. */
  close(): void;
}

/** What draws a plot: ApexCharts up to its budget, uPlot on a canvas above it and for bars. */
type RendererKind = 'apex' | 'canvas';

/** Points of a panel that ApexCharts draws within a task that nobody notices, and lines that can be told apart by colour. */
const budget = { points: 5_000, lines: 20 };

/** Which renderer a plot of so many points and lines is for. */
export function rendererFor(points: number, lines: number, style: PlotStyle): RendererKind {
  return style === 'bars' || points > budget.points || lines > budget.lines ? 'canvas' : 'apex';
}

/** The plot of one chart. */
export interface LinePlotter {
  /** Draws soon, in a task of its own; of several plots asked for in one go only the last is drawn. */
  draw(plot: LinePlot): void;
  close(): void;
}

/** A plotter that changes its renderer when a plot asks for the other one. Each is loaded when it is first needed. */
export function createLinePlotter(element: HTMLElement): LinePlotter {
  const key = {};
  let current: { readonly kind: RendererKind; readonly renderer: Renderer } | undefined;
  let isClosed = false;
  let last: LinePlot | undefined;

  const drawNow = async (plot: LinePlot): Promise<void> => {
    const kind = rendererFor(plot.times.length * plot.lines.length, plot.lines.length, plot.style);
    if (current?.kind !== kind) {
      const renderer = await open(kind, element);
      // Closed, or asked for something newer, while it was loaded.
      if (isClosed || plot !== last) return renderer.close();
      current?.renderer.close();
      current = { kind, renderer };
    }
    await current.renderer.draw(plot);
  };

  return {
    draw(plot) {
      last = plot;
      redraws.add(key, () => void drawNow(plot));
    },
    close() {
      isClosed = true;
      redraws.drop(key);
      current?.renderer.close();
      current = undefined;
    },
  };
}

async function open(kind: RendererKind, element: HTMLElement): Promise<Renderer> {
  if (kind === 'apex') return (await import('./apex.js')).createApexRenderer(element);
  return (await import('./canvas.js')).createCanvasRenderer(element);
}
