import { describe, expect, it } from 'vitest';
import type { Alert } from './alert.js';
import { alertsOf, expressionOf, isFound, matchersOf, stateOf } from './alert.js';

const alert = (fingerprint: string, more: Partial<Alert> = {}): Alert => ({
  fingerprint, labels: { alertname: 'Down', job: 'api' }, annotations: { summary: 'It is <b>down</b>' }, resolved: false, startsAt: 0, endsAt: 0,
  generatorUrl: '', receivers: [], heldBy: null, silencedBy: [], inhibitedBy: [], mutedBy: [], ...more,
});
const group = (...alerts: Alert[]) => ({ id: 'g', receiver: 'r', labels: {}, nextFlush: 0, alerts });

describe('alerts', () => {
  it('are listed once, what fires first, the newest before the older', () => {
    const [a, b, c] = [alert('a', { startsAt: 1 }), alert('b', { startsAt: 2 }), alert('c', { heldBy: 'SILENCE', startsAt: 9 })];
    expect(alertsOf([group(c, a), group(a, b, alert('d', { resolved: true, startsAt: 10 }))]).map(({ fingerprint }) => fingerprint)).toEqual(['b', 'a', 'c', 'd']);
    expect(stateOf(c)).toBe('muted');
  });

  it('are found by words of labels and annotations', () => {
    expect(isFound(alert('a'), 'job=API down')).toBe(true);
    expect(isFound(alert('a'), 'job=web')).toBe(false);
    expect(isFound(alert('a'), '')).toBe(true);
  });

  it('give matchers that they pass, whatever is in them', () => {
    expect(matchersOf({ a: 'x"y', 'b-c': '\\' })).toEqual(['a="x\\"y"', '"b-c"="\\\\"']);
  });

  it('lead to the expression that they come from', () => {
    expect(expressionOf('http://x/graph?g0.expr=up+%3D%3D+0&g0.tab=1')).toBe('up == 0');
    expect(expressionOf('http://x/explore?q=up')).toBe('up');
    expect(expressionOf('')).toBeUndefined();
  });
});
