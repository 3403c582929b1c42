import { z } from 'zod';

const color = z.string().regex(/^(?:#[0-9a-fA-F]{6}|green|yellow|orange|red|blue|purple|grey)$/, 'expected #rrggbb or green, yellow, orange, red, blue, purple, grey');

/** On a grid 24 columns wide; rows of 32 pixels. */
const position = z.strictObject({
  x: z.number().int().min(0).max(23),
  y: z.number().int().min(0).max(10_000),
  width: z.number().int().min(1).max(24),
  height: z.number().int().min(1).max(100),
});

const panelQuery = z.strictObject({
  /** In PromQL, with variables as `$name`. */
  expression: z.string().max(100_000),
  /** `{{label}}` takes a label's value; empty: the label set itself. */
  legend: z.string().max(1000).default(''),
  axis: z.enum(['left', 'right']).default('left'),
  hidden: z.boolean().default(false),
});

/** From a value upwards, until the next. */
const threshold = z.strictObject({ value: z.number(), color });

/** A value, or a range of them, and what is written instead. */
const mapping = z.strictObject({
  from: z.number().optional(),
  to: z.number().optional(),
  text: z.string().max(200),
  color: color.optional(),
});

/** How one number is made of a series. */
export const REDUCERS = ['last', 'min', 'max', 'mean', 'sum', 'count', 'first'] as const;

const shared = {
  id: z.string().regex(/^[\w-]{1,64}$/, 'expected letters, digits, - and _'),
  title: z.string().max(200).default(''),
  description: z.string().max(10_000).default(''),
  position,
};

const drawn = {
  ...shared,
  queries: z.array(panelQuery).max(26).default([]),
  /** How values are written: `short`, `bytes`, `seconds`, `percent`, `ops`, … */
  unit: z.string().max(40).default('short'),
  decimals: z.number().int().min(0).max(12).optional(),
  thresholds: z.array(threshold).max(20).default([]),
  mappings: z.array(mapping).max(100).default([]),
};

const reduced = { ...drawn, reduce: z.enum(REDUCERS).default('last') };
const bounds = { min: z.number().optional(), max: z.number().optional() };

const timeseries = z.strictObject({
  kind: z.literal('timeseries'),
  ...drawn,
  ...bounds,
  style: z.enum(['line', 'area', 'points', 'bars']).default('area'),
  stack: z.enum(['none', 'normal', 'percent']).default('none'),
  legend: z.enum(['table', 'list', 'hidden']).default('table'),
  /** Of the values on the right axis. */
  rightUnit: z.string().max(40).optional(),
});

const stat = z.strictObject({ kind: z.literal('stat'), ...reduced, sparkline: z.boolean().default(true), colored: z.enum(['none', 'value', 'background']).default('none') });
const gauge = z.strictObject({ kind: z.literal('gauge'), ...reduced, ...bounds });
const bar = z.strictObject({ kind: z.literal('bar'), ...reduced, ...bounds, limit: z.number().int().min(1).max(100).default(20) });
const table = z.strictObject({ kind: z.literal('table'), ...reduced, sort: z.string().max(200).optional(), descending: z.boolean().default(true) });
const heatmap = z.strictObject({ kind: z.literal('heatmap'), ...drawn, scale: z.enum(['linear', 'logarithmic']).default('linear') });
const text = z.strictObject({ kind: z.literal('text'), ...shared, content: z.string().max(100_000).default('') });
/** A heading; the panels below it, down to the next, fold with it. */
const row = z.strictObject({ kind: z.literal('row'), ...shared, collapsed: z.boolean().default(false) });

/** What stands on a dashboard. */
export const panelSchema = z.discriminatedUnion('kind', [timeseries, stat, gauge, bar, table, heatmap, text, row]);

export type Panel = z.output<typeof panelSchema>;
export type PanelInput = z.input<typeof panelSchema>;
export type PanelQuery = z.output<typeof panelQuery>;
export type PanelPosition = z.output<typeof position>;
