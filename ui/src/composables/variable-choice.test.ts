import { describe, expect, it } from 'vitest';
import { choicesFor, titled } from './variable-choice.js';

const job = { name: 'job', values: ['api', 'web'], all: false };
const all = { name: 'zone', values: [], all: true };

describe('choices of variables', () => {
  it('go along with expressions that name them, and no others', () => {
    expect(choicesFor('up{job=~"$job"}', [job, all])).toEqual([job]);
    expect(choicesFor('up{job=~"${job:regex}", zone="$zone"}', [job, all])).toEqual([job, all]);
    expect(choicesFor('up{job="$jobs"}', [job])).toEqual([]);
  });

  it('stand in titles', () => {
    expect(titled('Lag of $job in ${zone}, $other', [job, all])).toBe('Lag of api, web in all, $other');
  });
});
