import { Labels } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { acceptHeaderOf, mediaTypeOf, parserFor } from './media-type.js';
import { companionLabels, faultOf, withTargetLabels } from './series-labels.js';

const TARGET = [
  { name: 'job', value: 'j' },
  { name: 'instance', value: 'i' },
];

describe('the labels of a series', () => {
  it.each([
    [{ a: '1' }, false, { a: '1', job: 'j', instance: 'i' }],
    [{ job: 'own' }, false, { exported_job: 'own', job: 'j', instance: 'i' }],
    [{ job: 'own', exported_job: 'older' }, false, { exported_exported_job: 'own', exported_job: 'older', job: 'j', instance: 'i' }],
    [{ job: 'own' }, true, { job: 'own', instance: 'i' }],
    [{}, true, { job: 'j', instance: 'i' }],
  ])('of %j with honorLabels %s are %j', (own, honorLabels, all) => {
    expect(withTargetLabels(Labels.of(own), TARGET, honorLabels).toObject()).toEqual(all);
  });

  it('are faulty without a metric name, and in legacy names outside the alphabet', () => {
    expect(faultOf(Labels.of({ a: '1' }), 'utf8')).toBe('the series {a="1"} has no metric name');
    expect(faultOf(Labels.of({ __name__: 'a.b' }), 'utf8')).toBeUndefined();
    expect(faultOf(Labels.of({ __name__: 'a.b' }), 'legacy')).toBe('metric name "a.b" is not of the form [a-zA-Z_:][a-zA-Z0-9_:]*');
    expect(faultOf(Labels.of({ __name__: 'a:b', 'c.d': '1' }), 'legacy')).toBe('label name "c.d" of metric "a:b" is not of the form [a-zA-Z_][a-zA-Z0-9_]*');
    expect(faultOf(Labels.of({ __name__: 'a', __b: '1' }), 'legacy')).toBeUndefined();
    expect(faultOf(Labels.of({ __name__: 'a', __b: '1' }), 'strict')).toBe('label name "__b" of metric "a" is reserved, as all that begin with two underscores');
    expect(faultOf(Labels.of({ __name__: 'a', '': '1' }), 'utf8')).toContain('has a label without a name');
  });

  it('of a companion are those of the target', () => {
    expect(companionLabels('up', TARGET).toString()).toBe('up{instance="i",job="j"}');
  });
});

describe('media types', () => {
  const parser = { kind: 'x', contentTypes: ['text/x', 'text/y'], accept: ['text/x;q=0.5'], parse: () => {}, labels: () => Labels.EMPTY };

  it('are told without their parameters and their case', () => {
    expect(mediaTypeOf(' Text/X ; charset=utf-8')).toBe('text/x');
  });

  it('find their parser, or the fallback does', () => {
    expect(parserFor([parser], 'text/y; a=b', undefined)).toEqual({ parser, contentType: 'text/y; a=b' });
    expect(parserFor([parser], 'text/html', undefined)).toBeUndefined();
    expect(parserFor([parser], 'text/html', 'text/x')).toEqual({ parser, contentType: 'text/x' });
  });

  it('are what targets are asked for, and anything else at last', () => {
    expect(acceptHeaderOf([parser, parser])).toBe('text/x;q=0.5,text/x;q=0.5,*/*;q=0.1');
  });
});
