import { describe, expect, it } from 'vitest';
import { parserFor } from '../query/language/grammar.js';
import { parse } from '../query/language/parse.js';
import { homeDashboard } from './home-dashboard.js';

const { panels } = homeDashboard('self "quoted"');
const queries = panels.flatMap((panel) => ('queries' in panel ? panel.queries : []));

describe('the home dashboard', () => {
  it('has a row of numbers over at least eight charts', () => {
    expect(panels.filter(({ kind }) => kind === 'stat').map(({ position }) => position.y)).toEqual([0, 0, 0, 0]);
    expect(panels.filter(({ kind }) => kind === 'timeseries').length).toBeGreaterThanOrEqual(8);
  });

  it('fills a grid of 24 columns without a hole and without an overlap', () => {
    const cells = new Set<string>();
    let count = 0;
    for (const { position } of panels) {
      expect(position.x + position.width).toBeLessThanOrEqual(24);
      for (let x = 0; x < position.width; x++) {
        for (let y = 0; y < position.height; y++) {
          cells.add(`${position.x + x} ${position.y + y}`);
          count += 1;
        }
      }
    }
    const bottom = Math.max(...panels.map(({ position }) => position.y + position.height));
    expect(cells.size).toBe(count);
    expect(count).toBe(24 * bottom);
  });

  it('gives each panel an id of its own, a title and a description', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, description } of panels) expect(title.length * description.length).toBeGreaterThan(0);
  });

  it('asks what the query language understands', () => {
    const parser = parserFor([]);
    const expressions = queries.map(({ expression }) => expression);
    for (const expression of expressions) expect(() => parse(expression, parser), expression).not.toThrow();
    expect(expressions.filter((expression) => expression.includes('job="self \\"quoted\\""')).length).toBeGreaterThan(10);
  });

  it('names quantiles as people do', () => {
    const latency = queries.filter(({ expression }) => expression.includes('query_duration'));
    expect(latency.map(({ legend }) => legend)).toEqual(['p50', 'p90', 'p99']);
  });
});
