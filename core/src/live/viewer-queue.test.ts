import { describe, expect, it } from 'vitest';
import { settle } from '@metrics-dashboard/sdk/testing';
import type { LiveDelta, LiveEvent, LiveSnapshot } from './live-event.js';
import { MAX_PENDING, ViewerQueue } from './viewer-queue.js';
import type { ViewerOptions } from './viewer-queue.js';

const grid = { start: 0, end: 10, step: 1, warnings: [] };

function delta(sequence: number): LiveDelta {
  return { ...grid, kind: 'delta', sequence, token: `q.${sequence}`, from: 10, added: [], removed: [], columns: [] };
}

function snapshot(sequence: number, skipped: number): LiveSnapshot {
  return { ...grid, kind: 'snapshot', sequence, token: `q.${sequence}`, series: [], columns: [], skipped };
}

function viewer(overrides: Partial<Pick<ViewerOptions, 'resync' | 'missed'>> = {}) {
  let sequence = 0;
  let skipped = 0;
  const queue = new ViewerQueue({
    resync: (missed) => [snapshot(sequence, missed)],
    ...overrides,
    onSkipped: (events) => (skipped += events),
  });
  const push = (): void => queue.push(delta(++sequence));
  return { queue, push, skipped: () => skipped };
}

async function taken(queue: ViewerQueue): Promise<LiveEvent> {
  const result = await queue.next();
  if (result.done === true) throw new Error('the iteration has ended');
  return result.value;
}

describe('the queue of a viewer', () => {
  it('begins with a snapshot of the moment it is read, and goes on with what comes after', async () => {
    const { queue, push, skipped } = viewer();
    push();
    push();
    expect(await taken(queue)).toMatchObject({ kind: 'snapshot', sequence: 2, skipped: 0 });
    push();
    expect(await taken(queue)).toMatchObject({ kind: 'delta', sequence: 3 });
    expect(skipped()).toBe(0);
  });

  it('gives a viewer that was too slow one snapshot, which says what it missed', async () => {
    const { queue, push, skipped } = viewer();
    await taken(queue);
    for (let i = 0; i < MAX_PENDING + 5; i++) push();
    expect(await taken(queue)).toMatchObject({ kind: 'snapshot', sequence: MAX_PENDING + 5, skipped: MAX_PENDING + 5 });
    expect(skipped()).toBe(MAX_PENDING + 5);
    push();
    expect(await taken(queue)).toMatchObject({ kind: 'delta', sequence: MAX_PENDING + 6 });
  });

  it('gives a viewer that comes back only what it missed, and a snapshot when it is slow later on', async () => {
    const { queue, push } = viewer({ missed: () => [delta(1), delta(2)] });
    push();
    push();
    for (const sequence of [1, 2]) expect(await taken(queue)).toMatchObject({ kind: 'delta', sequence });
    push();
    expect(await taken(queue)).toMatchObject({ kind: 'delta', sequence: 3 });
    for (let i = 0; i <= MAX_PENDING; i++) push();
    expect(await taken(queue)).toMatchObject({ kind: 'snapshot', skipped: MAX_PENDING + 1 });
  });

  it('lets a viewer that missed nothing wait for what is next', async () => {
    const { queue, push } = viewer({ missed: () => [] });
    const next = taken(queue);
    await settle();
    push();
    expect(await next).toMatchObject({ kind: 'delta', sequence: 1 });
  });

  it('keeps what waits in order as long as there is room', async () => {
    const { queue, push } = viewer();
    await taken(queue);
    for (let i = 0; i < MAX_PENDING; i++) push();
    for (let i = 1; i <= MAX_PENDING; i++) expect(await taken(queue)).toMatchObject({ kind: 'delta', sequence: i });
  });

  it('tells an error once while there is nothing to show yet', async () => {
    const error: LiveEvent = { kind: 'error', sequence: 1, token: 'q.1', code: 'UNAVAILABLE', message: 'starting' };
    let isReady = false;
    const { queue } = viewer({ resync: (skipped) => (isReady ? [snapshot(2, skipped)] : [error]) });
    expect(await taken(queue)).toBe(error);
    const next = taken(queue);
    await settle();
    isReady = true;
    queue.push(snapshot(2, 0));
    expect(await next).toMatchObject({ kind: 'snapshot', sequence: 2 });
  });

  it('ends for who waits, and for good', async () => {
    const { queue, push } = viewer();
    const heard: string[] = [];
    queue.onClosed(() => heard.push('closed'));
    await taken(queue);
    const waiting = [queue.next(), queue.next()];
    await queue.return();
    queue.close();
    expect(await Promise.all(waiting)).toEqual([{ done: true }, { done: true }].map((each) => ({ ...each, value: undefined })));
    push();
    expect(await queue.next()).toMatchObject({ done: true });
    expect(heard).toEqual(['closed']);
  });
});
