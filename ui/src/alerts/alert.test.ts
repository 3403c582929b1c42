import { describe, expect, it } from 'vitest';
import { countStates, rowsOf } from './alert-rows.js';
import type { Alert } from './alert.js';
import { applied, commonMatchers, expressionOf, inOrder, isFound, matchersOf, pendingAlert, stateOf } from './alert.js';

const alert = (fingerprint: string, more: Partial<Alert> = {}): Alert => ({
  fingerprint, labels: { alertname: 'Down', job: 'api' }, annotations: { summary: 'It is <b>down</b>' }, resolved: false, startsAt: 0, endsAt: 0,
  generatorUrl: '', heldBy: null, ...more,
});

describe('alerts', () => {
  it('are listed with what fires first, the newest before the older', () => {
    const [a, b, c] = [alert('a', { startsAt: 1 }), alert('b', { startsAt: 2 }), alert('c', { heldBy: 'SILENCE', startsAt: 9 })];
    const soon = pendingAlert({ fingerprint: 'e', labels: {}, annotations: {}, activeAt: 20 });
    const all = [c, a, soon, b, alert('d', { resolved: true, startsAt: 10 })];
    expect(inOrder(all).map(({ fingerprint }) => fingerprint)).toEqual(['b', 'a', 'e', 'c', 'd']);
    expect(stateOf(c)).toBe('muted');
    expect(countStates(all)).toEqual({ firing: 2, pending: 1, muted: 1, resolved: 1 });
  });

  it('change by what is different alone', () => {
    const first = applied(new Map(), { whole: true, alerts: [alert('a'), alert('b')], gone: [] });
    const second = applied(first, { whole: false, alerts: [alert('b', { resolved: true }), alert('c')], gone: ['a'] });
    expect([...second].map(([id, { resolved }]) => [id, resolved])).toEqual([['b', true], ['c', false]]);
    expect([...applied(second, { whole: true, alerts: [], gone: [] })]).toEqual([]);
  });

  it('stand in groups that can be closed', () => {
    const all = [alert('a'), alert('b', { labels: { job: 'web' } }), alert('c')];
    expect(rowsOf(all, 'job', new Set(['web'])).map(({ key }) => key)).toEqual(['group api', 'a', 'c', 'group web']);
    expect(rowsOf(all, '', new Set()).map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  it('are found by words of labels and annotations', () => {
    expect(isFound(alert('a'), 'job=API down')).toBe(true);
    expect(isFound(alert('a'), 'job=web')).toBe(false);
    expect(isFound(alert('a'), '')).toBe(true);
  });

  it('give matchers that they pass, whatever is in them', () => {
    expect(matchersOf({ a: 'x"y', 'b-c': '\\' })).toEqual(['a="x\\"y"', '"b-c"="\\\\"']);
  });

  it('give matchers that they pass together, and few others', () => {
    const labels = [{ job: 'api', instance: 'a.b:1' }, { job: 'api', instance: 'c', more: 'x' }];
    expect(commonMatchers(labels.map((one) => ({ labels: one })))).toEqual(['job="api"', 'instance=~"a\\\\.b:1|c"']);
    expect(commonMatchers([])).toEqual([]);
  });

  it('lead to the expression that they come from', () => {
    expect(expressionOf('http://x/graph?g0.expr=up+%3D%3D+0&g0.tab=1')).toBe('up == 0');
    expect(expressionOf('http://x/explore?q=up')).toBe('up');
    expect(expressionOf('')).toBeUndefined();
  });
});
