import { beforeEach, describe, expect, it } from 'vitest';
import { pastQueries, rememberQuery } from './query-history.js';

beforeEach(() => {
  localStorage.clear();
});

describe('the history of queries', () => {
  it('has each once, the newest first, and no more than fifty', () => {
    for (const query of ['up', 'b', 'up', '']) rememberQuery(query);
    expect(pastQueries()).toEqual(['up', 'b']);
    for (let i = 0; i < 60; i++) rememberQuery(`q${i}`);
    expect(pastQueries()).toHaveLength(50);
    expect(pastQueries()[0]).toBe('q59');
  });

  it('is empty where storage holds something else', () => {
    localStorage.setItem('metrics-dashboard.queries', '{"a":1}');
    expect(pastQueries()).toEqual([]);
    localStorage.setItem('metrics-dashboard.queries', 'not JSON');
    expect(pastQueries()).toEqual([]);
  });
});
