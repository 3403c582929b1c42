import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import type { Logger } from './logger.js';
import { pollGroups } from './poll-groups.js';
import type { PolledGroups } from './poll-groups.js';

function bench(read: (part: string) => string[], parts: () => string[] = () => ['a']) {
  const clock = new ManualClock();
  const lines: string[] = [];
  const say = (message: string, fields = {}): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Logger = { debug: say, info: say, warn: say, error: say, with: () => log };
  const source: PolledGroups = {
    every: 1000,
    parts: async () => parts(),
    read: async (part) => [{ source: part, targets: read(part), labels: {} }],
  };
  const sets: string[][] = [];
  const abort = new AbortController();
  const done = (async () => {
    for await (const groups of pollGroups(source, { clock, log }, abort.signal)) sets.push(groups.flatMap(({ targets }) => targets));
  })();
  const stop = async (): Promise<void> => {
    abort.abort();
    await done;
  };
  return { clock, lines, sets, stop };
}

describe('polling for target groups', () => {
  it('yields at once, and again when something changed', async () => {
    let targets = ['x:1'];
    const { clock, sets, stop } = bench(() => targets);
    await clock.advance(3000);
    expect(sets).toEqual([['x:1']]);
    targets = ['x:1', 'y:1'];
    await clock.advance(1000);
    expect(sets).toEqual([['x:1'], ['x:1', 'y:1']]);
    await stop();
    expect(clock.sleepers).toBe(0);
  });

  it('keeps what a part said that can not be read, and says so once', async () => {
    let isBroken = false;
    let b = 'b:1';
    const { clock, lines, sets, stop } = bench(
      (part) => {
        if (part === 'a' && isBroken) throw new Error('gone');
        return part === 'a' ? ['a:1'] : [b];
      },
      () => ['a', 'b'],
    );
    await clock.advance(0);
    isBroken = true;
    b = 'b:2';
    await clock.advance(3000);
    expect(sets).toEqual([
      ['a:1', 'b:1'],
      ['a:1', 'b:2'],
    ]);
    expect(lines).toEqual(['targets can not be read, the last ones are kept {"source":"a","error":"gone"}']);
    isBroken = false;
    await clock.advance(1000);
    expect(lines.at(-1)).toContain('again');
    await stop();
  });

  it('forgets a part that is there no more', async () => {
    let parts = ['a', 'b'];
    const { clock, sets, stop } = bench((part) => [`${part}:1`], () => parts);
    await clock.advance(0);
    parts = ['b'];
    await clock.advance(1000);
    parts = [];
    await clock.advance(1000);
    expect(sets).toEqual([['a:1', 'b:1'], ['b:1'], []]);
    await stop();
  });

  it('yields nothing before something could be read', async () => {
    let isBroken = true;
    const { clock, sets, stop } = bench(() => {
      if (isBroken) throw new Error('not yet');
      return ['a:1'];
    });
    await clock.advance(5000);
    expect(sets).toEqual([]);
    isBroken = false;
    await clock.advance(1000);
    expect(sets).toEqual([['a:1']]);
    await stop();
  });
});
