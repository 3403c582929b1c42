import { Labels, NotFoundError, QueryError } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { silenceState } from './silence.js';
import { SILENCE_RETENTION, Silences } from './silences.js';
import { silenceFor } from './testing/world.js';

const a = Labels.of({ alertname: 'a' });

describe('silences', () => {
  it('mute between their start and their end', () => {
    const silences = new Silences();
    const { silence } = silences.set(undefined, silenceFor('alertname=a', 100, 200), 50);
    expect([99, 100, 199, 200].map((at) => silences.mutedBy(a, at))).toEqual([[], [silence.id], [silence.id], []]);
    expect(silences.mutedBy(Labels.of({ alertname: 'ab' }), 150)).toEqual([]);
    expect([50, 150, 250].map((at) => silenceState(silence, at))).toEqual(['pending', 'active', 'expired']);
  });

  it('start now at the earliest', () => {
    expect(new Silences().set(undefined, silenceFor('a=b', 10, 200), 50).silence.startsAt).toBe(50);
  });

  it('can be changed while they mute, except for their start and what they mute', () => {
    const silences = new Silences();
    const { id } = silences.set(undefined, silenceFor('alertname=a', 100, 200), 100).silence;
    const longer = silences.set(id, silenceFor('alertname=a', 100, 300, { comment: 'longer' }), 150).silence;
    expect(longer).toMatchObject({ id, startsAt: 100, endsAt: 300, comment: 'longer' });
    const other = silences.set(id, silenceFor('alertname=b', 150, 300), 160);
    expect(other.silence.id).not.toBe(id);
    expect(other.changes).toHaveLength(2);
    expect(silences.find(id)?.endsAt).toBe(160);
    expect(silences.mutedBy(a, 170)).toEqual([]);
    const again = silences.set(id, silenceFor('alertname=a', 200, 300), 200);
    expect(again.silence.id).not.toBe(id);
  });

  it('end when they are told to, once', () => {
    const silences = new Silences();
    const { id } = silences.set(undefined, silenceFor('alertname=a', 100, 200), 50).silence;
    expect(silences.expire(id, 60).silence).toMatchObject({ startsAt: 60, endsAt: 60 });
    expect(() => silences.expire(id, 70)).toThrow(QueryError);
    expect(() => silences.expire('nobody', 70)).toThrow(NotFoundError);
  });

  it('are forgotten long after their end, and kept as data until then', () => {
    const silences = new Silences();
    const { changes } = silences.set(undefined, silenceFor('alertname=~"a|b"', 100, 200), 100);
    const restored = new Silences();
    restored.restore(changes.flatMap((change) => ('put' in change && change.put === 'silence' ? [change.document] : [])));
    expect(restored.mutedBy(a, 150)).toHaveLength(1);
    expect(restored.collect(200 + SILENCE_RETENTION - 1)).toEqual([]);
    expect(restored.collect(200 + SILENCE_RETENTION)).toHaveLength(1);
    expect(restored.list()).toEqual([]);
  });

  it.each([
    ['', 100, 200, 'a silence needs at least one matcher'],
    ['a=~".*"', 100, 200, 'a matcher that does not match the empty value'],
    ['a!=b', 100, 200, 'a matcher that does not match the empty value'],
    ['a=b', 200, 200, 'ends after it starts'],
    ['a=b', 10, 40, 'is in the past'],
  ])('of {%s} from %i to %i is refused: %s', (match, from, to, message) => {
    expect(() => new Silences().set(undefined, silenceFor(match, from, to), 50)).toThrow(message);
  });
});
