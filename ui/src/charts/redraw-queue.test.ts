import { describe, expect, it } from 'vitest';
import { createRedrawQueue } from './redraw-queue.js';

function manualQueue() {
  const tasks: (() => void)[] = [];
  return { queue: createRedrawQueue((run) => void tasks.push(run)), next: () => tasks.shift()?.(), waiting: () => tasks.length };
}

describe('the redraw queue', () => {
  it('runs one job a task and only the newest of a key', () => {
    const { queue, next, waiting } = manualQueue();
    const done: string[] = [];
    const [a, b] = [{}, {}];
    queue.add(a, () => done.push('a1'));
    queue.add(b, () => done.push('b'));
    queue.add(a, () => done.push('a2'));
    next();
    expect(done).toEqual(['a2']);
    next();
    expect(done).toEqual(['a2', 'b']);
    expect(waiting()).toBe(0);
  });

  it('goes on after a job that throws, and without one that was dropped', () => {
    const { queue, next } = manualQueue();
    const done: string[] = [];
    const dropped = {};
    queue.add({}, () => {
      throw new Error('broken');
    });
    queue.add(dropped, () => done.push('dropped'));
    queue.add({}, () => done.push('last'));
    queue.drop(dropped);
    expect(next).toThrow('broken');
    next();
    expect(done).toEqual(['last']);
  });
});
