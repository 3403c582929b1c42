import { formatValue } from '../charts/format.js';
import { summarize } from '../charts/panel-data.js';
import type { DrawnPanel, Reducer } from './document.js';

/** How a panel writes and colours its values. */
export interface Display {
  /** A mapped text, or the number with its unit. */
  text(value: number): string;
  /** By mappings and thresholds; undefined: none says. */
  colour(value: number): string | undefined;
}

type DisplayOptions = Pick<DrawnPanel, 'unit' | 'decimals' | 'thresholds' | 'mappings'>;

/** Named colours follow the theme; others are taken as they are. */
export function colourOf(name: string): string {
  return name.startsWith('#') ? name : `var(--colour-${name})`;
}

/** The display of a panel's options. */
export function createDisplay({ unit, decimals, thresholds, mappings }: DisplayOptions): Display {
  const steps = [...thresholds].sort((a, b) => b.value - a.value);
  const mapped = (value: number): DisplayOptions['mappings'][number] | undefined =>
    mappings.find(({ from = -Infinity, to = Infinity }) => value >= from && value <= to);
  return {
    text: (value) => mapped(value)?.text ?? (decimals === undefined ? formatValue(value, unit) : fixed(value, unit, decimals)),
    colour(value) {
      const name = mapped(value)?.color ?? steps.find((step) => value >= step.value)?.color;
      return name === undefined ? undefined : colourOf(name);
    },
  };
}

/** The number that stands for a series; undefined where it has none. */
export function reduced(values: readonly (number | undefined)[], reducer: Reducer): number | undefined {
  const finite = values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  const { last, min, mean, max } = summarize(values);
  switch (reducer) {
    case 'last':
      return values.findLast((value) => value !== undefined) ?? last;
    case 'first':
      return finite[0];
    case 'min':
      return min;
    case 'max':
      return max;
    case 'mean':
      return mean;
    case 'sum':
      return finite.length === 0 ? undefined : finite.reduce((sum, value) => sum + value, 0);
    case 'count':
      return finite.length;
  }
}

/** With so many decimals, whatever the size; the unit's prefix is still chosen by it. */
function fixed(value: number, unit: string, decimals: number): string {
  return formatValue(value, unit, 15).replace(/^([−-]?\d+)(?:\.(\d+))?/, (_, whole: string, fraction = '') => {
    const number = Number(`${whole.replace('−', '-')}.${fraction}`);
    return number.toFixed(decimals).replace('-', '−');
  });
}
