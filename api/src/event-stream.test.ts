import { expect, test } from 'vitest';
import { eventStream } from './event-stream.js';

const never = new AbortController().signal;

/** Gives numbers, then waits until its reader has left; tells what happened to it. */
function source(count: number): { open: (signal: AbortSignal) => Promise<AsyncIterable<number>>; taken: number[]; ended: () => boolean } {
  const taken: number[] = [];
  let hasEnded = false;
  async function* numbers(signal: AbortSignal): AsyncGenerator<number> {
    try {
      for (let i = 0; i < count; i++) {
        taken.push(i);
        yield i;
      }
      if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    } finally {
      hasEnded = true;
    }
  }
  return { open: async (signal) => numbers(signal), taken, ended: () => hasEnded };
}

test('asks for the next event only when the one before was taken', async () => {
  const { open, taken } = source(5);
  const stream = await eventStream(open, never);
  await stream.next();
  expect(taken).toEqual([0]);
  await stream.next();
  expect(taken).toEqual([0, 1]);
  await stream.return?.();
});

test('wakes a source that waits, when its reader leaves', async () => {
  const { open, ended } = source(0);
  const stream = await eventStream(open, never);
  const waiting = stream.next();
  await stream.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(ended()).toBe(true);
});

test('ends when the connection does', async () => {
  const { open, ended } = source(0);
  const connection = new AbortController();
  const stream = await eventStream(open, connection.signal);
  const waiting = stream.next();
  connection.abort();
  expect((await waiting).done).toBe(true);
  expect(ended()).toBe(true);
});

test('a reader whose connection is gone already gets an aborted signal', async () => {
  const stream = await eventStream(async function (signal) {
    expect(signal.aborted).toBe(true);
    return source(0).open(signal);
  }, AbortSignal.abort());
  expect((await stream.next()).done).toBe(true);
});

test('what can not be opened is the error of who asked', async () => {
  await expect(eventStream(() => Promise.reject(new Error('no such query')), never)).rejects.toThrow('no such query');
});
