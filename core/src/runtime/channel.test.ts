import { MessageChannel } from 'node:worker_threads';
import { LimitError, UnavailableError } from '@metrics-dashboard/sdk';
import { ManualClock } from '@metrics-dashboard/sdk/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { Caller, answerCalls } from './channel.js';
import type { Handlers } from './channel.js';
import type { Gathering } from './gathered-calls.js';

type Sums = {
  readonly add: { readonly input: readonly number[]; readonly output: number };
  readonly fail: { readonly input: undefined; readonly output: undefined };
  readonly wait: { readonly input: undefined; readonly output: undefined };
  readonly fill: { readonly input: number; readonly output: Uint8Array<ArrayBuffer> };
};

describe('a channel between two threads', () => {
  const ports: { close(): void }[] = [];
  afterEach(() => ports.splice(0).forEach((port) => port.close()));

  function connect(limits = { calls: 10, bytes: 1000 }, gathering?: Gathering) {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const crossed: unknown[] = [];
    port2.on('message', (message: { kind: string; calls?: unknown[] }) => crossed.push(message.calls?.length ?? message.kind));
    const aborted: string[] = [];
    const handlers: Handlers<Sums> = {
      add: async (numbers) => ({ output: numbers.reduce((sum, one) => sum + one, 0) }),
      fail: async () => {
        throw new LimitError('limits.sums', 1, 2);
      },
      wait: (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted.push('wait');
            resolve({ output: undefined });
          });
        }),
      fill: async (length) => {
        const output = new Uint8Array(length).fill(7);
        return { output, transfer: [output.buffer] };
      },
    };
    answerCalls(port2, handlers);
    return { caller: new Caller<Sums>(port1, limits, gathering), aborted, crossed };
  }

  it('brings an answer back, and buffers by moving them', async () => {
    const { caller } = connect();
    expect(await caller.call('add', [1, 2, 3])).toBe(6);
    expect(await caller.call('fill', 3)).toEqual(Uint8Array.of(7, 7, 7));
    expect(caller.underWay).toBe(0);
  });

  it('brings an error back as it was thrown', async () => {
    const { caller } = connect();
    await expect(caller.call('fail', undefined)).rejects.toThrow(LimitError);
  });

  it('rejects an aborted call at once, and tells the other side', async () => {
    const { caller, aborted } = connect();
    const controller = new AbortController();
    const call = caller.call('wait', undefined, { signal: controller.signal });
    await caller.call('add', []);
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(caller.underWay).toBe(1);
    await caller.call('add', []);
    expect(aborted).toEqual(['wait']);
    expect(caller.underWay).toBe(0);
    await expect(caller.call('add', [], { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('takes only so many calls and bytes at a time', async () => {
    const { caller } = connect({ calls: 2, bytes: 100 });
    const first = caller.call('add', [1], { bytes: 90 });
    await expect(caller.call('add', [1], { bytes: 20 })).rejects.toThrow(UnavailableError);
    const second = caller.call('add', [2]);
    await expect(caller.call('add', [1])).rejects.toThrow('2 requests are under way');
    expect(await Promise.all([first, second])).toEqual([1, 2]);
    expect(await caller.call('add', [3], { bytes: 5000 })).toBe(3);
  });

  it('rejects all calls, now and later, when the other side is gone', async () => {
    const { caller } = connect();
    const call = caller.call('wait', undefined);
    caller.fail(() => new UnavailableError('gone'));
    await expect(call).rejects.toThrow('gone');
    await expect(caller.call('add', [])).rejects.toThrow('gone');
    expect(caller.underWay).toBe(0);
  });

  it('gathers calls that can wait for a moment, and answers each', async () => {
    const clock = new ManualClock();
    const { caller, crossed } = connect(undefined, { clock, time: 20, calls: 64, bytes: 1000 });
    const calls = [caller.call('add', [1, 2], { canWait: true }), caller.call('fill', 2, { canWait: true }), caller.call('fail', undefined, { canWait: true }).catch((error: unknown) => error)];
    expect(caller.underWay).toBe(3);
    await clock.advance(20);
    expect(await Promise.all(calls)).toEqual([3, Uint8Array.of(7, 7), expect.any(LimitError)]);
    expect(crossed).toEqual([3]);
    const after = caller.call('add', [4], { canWait: true });
    await clock.advance(20);
    expect(await after).toBe(4);
    expect(crossed).toEqual([3, 1]);
  });

  it('lets no call overtake one that waits', async () => {
    const { caller, crossed } = connect(undefined, { clock: new ManualClock(), time: 20, calls: 64, bytes: 1000 });
    const waiting = caller.call('add', [1], { canWait: true });
    expect(await caller.call('add', [2])).toBe(2);
    expect(await waiting).toBe(1);
    expect(crossed).toEqual([1, 'call']);
  });

  it.each([
    ['as many as may wait', { calls: 2, bytes: 1000 }, [2]],
    ['as much as may wait', { calls: 9, bytes: 150 }, [1]],
    ['one that is too large to wait', { calls: 9, bytes: 99 }, ['call', 'call']],
  ])('sends %s at once', async (_, limits, expected) => {
    const clock = new ManualClock();
    const { caller, crossed } = connect(undefined, { clock, time: 20, ...limits });
    const calls = [1, 2].map((n) => caller.call('add', [n], { canWait: true, bytes: 100 }));
    expect(await calls[0]).toBe(1);
    expect(crossed).toEqual(expected);
    await clock.advance(20);
    expect(await calls[1]).toBe(2);
  });

  it('rejects what can not cross, and what would have crossed with it', async () => {
    const clock = new ManualClock();
    const { caller } = connect(undefined, { clock, time: 20, calls: 64, bytes: 1000 });
    const unfit = (() => undefined) as unknown as readonly number[];
    await expect(caller.call('add', unfit)).rejects.toThrow(/could not be cloned/);
    const calls = Promise.allSettled([caller.call('add', [1], { canWait: true }), caller.call('add', unfit, { canWait: true })]);
    await clock.advance(20);
    expect((await calls).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(caller.underWay).toBe(0);
    expect(await caller.call('add', [5])).toBe(5);
  });
});
