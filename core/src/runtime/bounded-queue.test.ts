import { describe, expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue.js';

const never = new AbortController().signal;

describe('a bounded queue', () => {
  it('drops the oldest when it is full, and counts', () => {
    const gone: number[] = [];
    const queue = new BoundedQueue<number>({ capacity: 2, whenFull: 'drop-oldest', onDropped: (item) => gone.push(item) });
    expect([1, 2, 3, 4].map((item) => queue.push(item))).toEqual([true, true, true, true]);
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([3, 4, undefined]);
    expect([queue.dropped, gone]).toEqual([2, [1, 2]]);
  });

  it('refuses when it is full, and counts', () => {
    const queue = new BoundedQueue<number>({ capacity: 1, whenFull: 'refuse' });
    expect([queue.push(1), queue.push(2)]).toEqual([true, false]);
    expect([queue.size, queue.dropped]).toEqual([1, 1]);
  });

  it('lets a taker wait for the next item', async () => {
    const queue = new BoundedQueue<number>({ capacity: 1, whenFull: 'refuse' });
    const taken = Promise.all([queue.take(never), queue.take(never)]);
    queue.push(1);
    await Promise.resolve();
    await Promise.resolve();
    queue.push(2);
    expect(await taken).toEqual([1, 2]);
  });

  it('gives undefined to a taker whose signal aborts', async () => {
    const queue = new BoundedQueue<number>({ capacity: 1, whenFull: 'refuse' });
    const stop = new AbortController();
    const taken = queue.take(stop.signal);
    stop.abort();
    expect(await taken).toBeUndefined();
    queue.push(1);
    expect(await queue.take(never)).toBe(1);
  });

  it('can be emptied after it was closed, and takes nothing more', async () => {
    const queue = new BoundedQueue<number>({ capacity: 2, whenFull: 'refuse' });
    queue.push(1);
    queue.close();
    expect(queue.push(2)).toBe(false);
    expect([await queue.take(never), await queue.take(never)]).toEqual([1, undefined]);
  });
});
