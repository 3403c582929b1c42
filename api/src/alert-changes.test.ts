import type { AlertView, GroupView } from '@metrics-dashboard/core';
import { describe, expect, it } from 'vitest';
import { alertChanges, alertCounts } from './alert-changes.js';
import type { AlertChanges } from './alert-changes.js';
import { FakeAlerting } from './testing/fake-alerting.js';

const { alert, group } = new FakeAlerting();
const other: AlertView = { ...alert, fingerprint: 'other' };
const of = (...alerts: AlertView[]): GroupView => ({ ...group, alerts });

async function changesOf(...views: readonly (readonly GroupView[])[]): Promise<readonly AlertChanges[]> {
  async function* stream(): AsyncGenerator<readonly GroupView[], void, undefined> {
    yield* views;
  }
  const changes: AlertChanges[] = [];
  for await (const change of alertChanges(stream())) changes.push(change);
  return changes;
}

describe('changes of alerts', () => {
  it('begin with all of them, each once', async () => {
    expect(await changesOf([of(alert), of(alert, other)])).toEqual([{ whole: true, alerts: [alert, other], gone: [] }]);
  });

  it('are told when something is different, and nothing is when it is not', async () => {
    const heardAgain = { ...alert, updatedAt: alert.updatedAt + 1, endsAt: alert.endsAt + 1, annotations: { ...alert.annotations } };
    const silenced: AlertView = { ...heardAgain, silencedBy: ['s'], heldBy: 'silence' };
    expect(await changesOf([of(alert, other)], [of(heardAgain, other)], [of(silenced, other)], [of(silenced)])).toEqual([
      { whole: true, alerts: [alert, other], gone: [] },
      { whole: false, alerts: [silenced], gone: [] },
      { whole: false, alerts: [], gone: ['other'] },
    ]);
  });

  it('tell of another text, and of the end', async () => {
    const said: AlertView = { ...alert, annotations: { summary: 'down' } };
    const ended: AlertView = { ...said, isResolved: true };
    const [, second, third] = await changesOf([of(alert)], [of(said)], [of(ended)]);
    expect([second?.alerts, third?.alerts]).toEqual([[said], [ended]]);
  });

  it('are counted, and told when the count is another one', async () => {
    async function* stream(): AsyncGenerator<readonly GroupView[], void, undefined> {
      yield [of(alert, other)];
      yield [of(other), of({ ...alert, startsAt: 1 })];
      yield [of(alert, { ...other, heldBy: 'silence' }, { ...alert, fingerprint: 'ended', isResolved: true })];
    }
    const counts: object[] = [];
    for await (const one of alertCounts(stream())) counts.push(one);
    expect(counts).toEqual([{ firing: 2, muted: 0 }, { firing: 1, muted: 1 }]);
  });
});
