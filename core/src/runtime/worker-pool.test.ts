import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorkerPool } from './worker-pool.js';

const module = new URL('./fixtures/task.mjs', import.meta.url);
const SIGNAL = new AbortController().signal;

// A thread runs what is built: `npm run build` comes first.
const door = new URL('../../dist/runtime/task.worker.js', import.meta.url);

describe.skipIf(!existsSync(door))('the worker pool (what is built)', () => {
  const pools: ReturnType<typeof createWorkerPool>[] = [];
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });

  function open(threads = 2) {
    const pool = createWorkerPool({ threads, door, execArgv: [] });
    pools.push(pool);
    return pool;
  }

  it('runs a module on an input in another thread', async () => {
    const column = Float64Array.of(1, 2, 3);
    const pool = open();
    expect(await pool.run({ module, input: 'hello' }, SIGNAL)).toEqual({ input: 'hello' });
    expect(await pool.run({ module, input: column, transfer: [column.buffer] }, SIGNAL)).toBe(6);
    expect(column.length).toBe(0);
  });

  it('rejects when the task throws, its thread ends, or there is no such module, and goes on', async () => {
    const pool = open(1);
    await expect(pool.run({ module, input: 'throw' }, SIGNAL)).rejects.toThrow('out of range');
    await expect(pool.run({ module, input: 'exit' }, SIGNAL)).rejects.toThrow('ended with code 3');
    await expect(pool.run({ module: new URL('./missing.mjs', module), input: 1 }, SIGNAL)).rejects.toThrow('missing.mjs');
    expect(await pool.run({ module, input: 1 }, SIGNAL)).toEqual({ input: 1 });
  });

  it('stops the thread of an aborted task, and lets go of one that waits for its turn', async () => {
    const pool = open(1);
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = pool.run({ module, input: 'hang' }, running.signal);
    const second = pool.run({ module, input: 2 }, waiting.signal);
    const third = pool.run({ module, input: 3 }, SIGNAL);
    waiting.abort(new Error('no longer wanted'));
    await expect(second).rejects.toThrow('no longer wanted');
    running.abort(new Error('too long'));
    await expect(first).rejects.toThrow('too long');
    expect(await third).toEqual({ input: 3 });
  });

  it('lets tasks wait while all threads are busy', async () => {
    const pool = open(2);
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => pool.run({ module, input: 'wait' }, SIGNAL)));
    expect(all).toHaveLength(5);
  });

  it('ends all threads when it is closed, and takes nothing more', async () => {
    const pool = open(1);
    const running = pool.run({ module, input: 'hang' }, SIGNAL);
    const waiting = pool.run({ module, input: 1 }, SIGNAL);
    const outcomes = Promise.allSettled([running, waiting]);
    await pool.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(pool.run({ module, input: 1 }, SIGNAL)).rejects.toThrow('the worker pool is closed');
  });
});
