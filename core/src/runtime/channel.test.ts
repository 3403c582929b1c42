import { MessageChannel } from 'node:worker_threads';
import { LimitError, UnavailableError } from '@metrics-dashboard/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { Caller, answerCalls } from './channel.js';
import type { Handlers } from './channel.js';

type Sums = {
  readonly add: { readonly input: readonly number[]; readonly output: number };
  readonly fail: { readonly input: undefined; readonly output: undefined };
  readonly wait: { readonly input: undefined; readonly output: undefined };
  readonly fill: { readonly input: number; readonly output: Uint8Array<ArrayBuffer> };
};

describe('a channel between two threads', () => {
  const ports: { close(): void }[] = [];
  afterEach(() => ports.splice(0).forEach((port) => port.close()));

  function connect(limits = { calls: 10, bytes: 1000 }) {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
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
    return { caller: new Caller<Sums>(port1, limits), aborted };
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
});
