import { describe, expect, it } from 'vitest';
import { spansOf } from './alert-spans.js';

const change = (at: number, kind: string, fingerprint = 'a', alertname = 'Hot') => ({ at, kind, fingerprint, alertname });

describe('spans of alerts', () => {
  it('begin with firing and end with what comes after it; pending is no span', () => {
    expect(spansOf([change(30, 'RESOLVED'), change(10, 'PENDING'), change(20, 'FIRING'), change(25, 'FLAPPING')])).toEqual([{ name: 'Hot', start: 20, end: 30 }]);
  });

  it('have no end while the alert fires', () => {
    expect(spansOf([change(20, 'FIRING')])).toEqual([{ name: 'Hot', start: 20, end: undefined }]);
  });

  it('of several instances that overlap are one, and of other alerts are others', () => {
    const changes = [change(10, 'FIRING', 'a'), change(15, 'FIRING', 'b'), change(20, 'RESOLVED', 'a'), change(40, 'RESOLVED', 'b'), change(50, 'FIRING', 'a'), change(12, 'FIRING', 'c', 'Full')];
    expect(spansOf(changes)).toEqual([
      { name: 'Hot', start: 10, end: 40 },
      { name: 'Full', start: 12, end: undefined },
      { name: 'Hot', start: 50, end: undefined },
    ]);
  });

  it('are not made of an end whose beginning is not known', () => {
    expect(spansOf([change(10, 'RESOLVED'), change(11, 'INACTIVE')])).toEqual([]);
  });
});
