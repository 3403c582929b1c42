import { describe, expect, it } from 'vitest';
import { parserFor } from '../query/language/grammar.js';
import { parse } from '../query/language/parse.js';
import { builtInValues } from './built-in-values.js';
import { interpolate } from './interpolate.js';
import { shippedDashboards } from './shipped-dashboards.js';

const values = [
  ...builtInValues({ step: 1000, range: 60_000, scrapeInterval: 15_000 }),
  { name: 'job', values: ['node'], all: false },
  { name: 'instance', values: ['a:9100'], all: false },
];

describe.each(shippedDashboards())('the dashboard $id that ships', ({ panels, variables }) => {
  it('has panels of names of their own, and lets one choose jobs and instances', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(variables.map(({ name }) => name)).toEqual(['job', 'instance']);
  });

  it.each(panels.flatMap((panel) => ('queries' in panel ? panel.queries : [])))('asks what the language understands: $expression', ({ expression }) => {
    expect(() => parse(interpolate(expression, values), parserFor([]))).not.toThrow();
  });
});
