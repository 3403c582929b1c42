import { describe, expect, it } from 'vitest';
import { afterOutage, isTold, observe } from './alert-life.js';
import type { AlertLife, Hold, Observation } from './alert-life.js';

const M = 60_000;
const HOLD: Hold = { holdFor: 0, keepFiringFor: 0, missing: 'resolve', flapping: undefined };

/** `+` the condition holds, `-` it does not, `.` the series is missing; one letter a minute. */
const SEEN: Readonly<Record<string, Observation>> = { '+': { kind: 'met', value: 9 }, '-': { kind: 'unmet', value: 1 }, '.': { kind: 'missing' } };

function live(letters: string, hold: Partial<Hold> = {}): (AlertLife | undefined)[] {
  let life: AlertLife | undefined;
  return [...letters].map((letter, i) => (life = observe(life, SEEN[letter] as Observation, { ...HOLD, ...hold }, i * M)));
}

/** P pending, F firing, R resolved, I inactive and known, - nothing; lower case while it flaps. */
const states = (letters: string, hold: Partial<Hold> = {}): string =>
  live(letters, hold)
    .map((life) => {
      const letter = life === undefined ? '-' : life.state.charAt(0).toUpperCase();
      return life?.flappingSince === undefined ? letter : letter.toLowerCase();
    })
    .join('');

/** ! told to be firing, . told to be resolved, a space where nothing is told. */
const tellings = (letters: string, hold: Partial<Hold> = {}): string =>
  live(letters, hold)
    .map((life) => (life === undefined || life.startsAt === undefined ? ' ' : isTold(life) ? '!' : life.endsAt === undefined ? ' ' : '.'))
    .join('');

describe('an alert instance', () => {
  it.each([
    ['fires at once without a for', '+', {}, 'F'],
    ['is pending until the for has elapsed', '++++', { holdFor: 2 * M }, 'PPFF'],
    ['fires when now minus since equals the for', '++', { holdFor: M }, 'PF'],
    ['waits for the next evaluation when the for ends between two', '+++', { holdFor: 1.5 * M }, 'PPF'],
    ['begins anew when the condition ceases while pending', '+-+++', { holdFor: 2 * M }, 'P-PPF'],
    ['is resolved in the first evaluation without the condition', '+-', {}, 'FR'],
    ['is forgotten a quarter of an hour after it resolved', `+${'-'.repeat(18)}`, {}, `F${'R'.repeat(16)}--`],
    ['is pending again after it resolved', '++-++', { holdFor: M }, 'PFRPF'],
    ['goes back to resolved when it was pending again in vain', '++-+-', { holdFor: M }, 'PFRPR'],
    ['keeps firing for a while', '+--+---+', { keepFiringFor: 2 * M }, 'FFFFFFRF'],
    ['is not kept while pending', '+-', { holdFor: M, keepFiringFor: 5 * M }, 'P-'],
    ['whose series is gone is resolved', '+.', { missing: 'resolve' }, 'FR'],
    ['whose series is gone is kept', '+....-', { missing: 'keep' }, 'FFFFFR'],
    ['whose series is gone does not become firing while it is kept', '+....++', { missing: 'keep', holdFor: 5 * M }, 'PPPPPFF'],
    ['is known while it is fine, where its absence is an alert', '-..-', { missing: 'alert' }, 'IFFR'],
    ['that is absent is pending first', '--...', { missing: 'alert', holdFor: 2 * M }, 'IIPPF'],
    ['that was never there is no alert', '..', { missing: 'alert' }, '--'],
  ] as [string, string, Partial<Hold>, string][])('%s', (_, letters, hold, expected) => {
    expect(states(letters, hold)).toBe(expected);
  });

  it('is told to fire since it fires, and to have resolved when it did', () => {
    const lives = live('++-', { holdFor: M });
    expect(lives[1]).toMatchObject({ activeAt: 0, firedAt: M, startsAt: M, endsAt: undefined, value: 9 });
    expect(lives[2]).toMatchObject({ startsAt: M, endsAt: 2 * M, resolvedAt: 2 * M, value: 1 });
  });

  it('that flaps is told to be firing until it has settled', () => {
    const flapping = { changes: 4, window: 5 * M };
    expect(states('+-+-+-+------', { flapping })).toBe('FRFrfrfrrrrrR');
    expect(tellings('+-+-+-+------', { flapping })).toBe('!.!!!!!!!!!!.');
    const [start] = live('+-+-+-+', { flapping }).slice(-1);
    expect(start?.startsAt).toBe(2 * M);
  });

  it('that settles firing goes on firing, and nothing new is told', () => {
    expect(tellings('+-+-+++++++++', { flapping: { changes: 4, window: 5 * M } })).toBe('!.!!!!!!!!!!!');
    expect(states('+-+-+++++++++', { flapping: { changes: 4, window: 5 * M } })).toBe('FRFrfffffFFFF');
  });

  it('counts a short absence of the server towards its for, and not a long one', () => {
    const [pending] = live('+', { holdFor: 10 * M });
    if (pending === undefined) throw new Error('pending');
    expect(afterOutage(pending, 0, 30 * M, 60 * M).activeAt).toBe(0);
    expect(afterOutage(pending, M, 121 * M, 60 * M).activeAt).toBe(120 * M);
  });
});

describe('any life', () => {
  it('keeps its promises', () => {
    const seed = 991;
    let state = seed;
    const random = (n: number): number => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 8) % n;
    for (let run = 0; run < 300; run++) {
      const hold: Hold = {
        holdFor: random(4) * M,
        keepFiringFor: random(3) * M,
        missing: (['resolve', 'keep', 'alert'] as const)[random(3)] ?? 'resolve',
        flapping: random(2) === 0 ? undefined : { changes: 2 + random(4), window: (3 + random(10)) * M },
      };
      let life: AlertLife | undefined;
      for (let i = 0; i < 200; i++) {
        const seen = SEEN[['+', '-', '.'][random(3)] ?? '+'] as Observation;
        const next = observe(life, seen, hold, i * M);
        const said = `seed ${seed}, run ${run}, minute ${i}`;
        if (next?.state === 'firing' && life?.state !== 'firing') expect(i * M - next.activeAt, said).toBeGreaterThanOrEqual(hold.holdFor);
        if (life !== undefined && isTold(life)) expect(next !== undefined && (isTold(next) || next.endsAt === i * M), said).toBe(true);
        if (next !== undefined && isTold(next)) expect(next.startsAt, said).toBeLessThanOrEqual(i * M);
        if (next !== undefined && life !== undefined && isTold(life) && isTold(next)) expect(next.startsAt, said).toBe(life.startsAt);
        life = next;
      }
    }
  });
});
