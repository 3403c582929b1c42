import { ManualClock, silentLogger } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import type { AlertingStore, StoreChange } from './store.js';
import { MemoryStore } from './testing/memory-store.js';
import { AlertingWorld, alertingConfig, route } from './testing/world.js';

const seconds = (n: number): number => n * 1000;
const root = route({ receiver: 'team', groupBy: [], wait: 10, interval: 60, repeat: 600 });

/** Dies at one of its steps, which are the writes to the store and the notifications that are handed over. */
class Death {
  #steps = 0;
  readonly #at: number;
  readonly #phase: 'before' | 'after';
  kill: () => void = () => undefined;
  hasCome = false;

  constructor(at: number, phase: 'before' | 'after') {
    this.#at = at;
    this.#phase = phase;
  }

  get steps(): number {
    return this.#steps;
  }

  async during(work: () => Promise<void> | void): Promise<void> {
    const isMine = ++this.#steps === this.#at;
    if (isMine && this.#phase === 'before') await this.#die();
    await work();
    if (isMine) await this.#die();
  }

  #die(): Promise<never> {
    this.hasCome = true;
    this.kill();
    return new Promise(() => undefined);
  }
}

class DeadlyStore implements AlertingStore {
  readonly #inner = new MemoryStore();
  readonly #death: Death;

  constructor(death: Death) {
    this.#death = death;
  }

  load(): ReturnType<AlertingStore['load']> {
    return this.#inner.load();
  }

  write(changes: readonly StoreChange[]): Promise<void> {
    return this.#death.during(() => this.#inner.write(changes));
  }

  history(request: Parameters<AlertingStore['history']>[0]): ReturnType<AlertingStore['history']> {
    return this.#inner.history(request);
  }

  forgetHistory(before: number): Promise<void> {
    return this.#inner.forgetHistory(before);
  }
}

interface Outcome {
  readonly told: readonly { readonly key: string; readonly text: string }[];
  readonly steps: number;
  readonly died: boolean;
}

/** One story, with at most one death in it; a sender whose message was not taken sends it again once the process is back. */
async function story(death: Death): Promise<Outcome> {
  const world = await AlertingWorld.open(alertingConfig(root), { clock: new ManualClock(), log: silentLogger, store: new DeadlyStore(death) });
  let told: Outcome['told'] = [];
  world.onSend = (notification) =>
    death.during(() => {
      const alerts = notification.alerts.map(({ labels, status }) => `${labels.get('alertname')}:${status}`);
      told = [...told, { key: notification.idempotencyKey, text: `${notification.reason} ${alerts.join(' ')}` }];
    });
  let isDead = false;
  death.kill = () => {
    isDead = true;
    world.kill();
  };
  const revive = async (): Promise<void> => {
    if (!isDead) return;
    isDead = false;
    await world.clock.advance(seconds(2));
    await world.start();
  };
  const send = async (work: () => Promise<void>): Promise<void> => {
    const done = work();
    await world.clock.advance(0);
    if (isDead) {
      await revive();
      await work();
    } else await done;
  };
  const until = async (at: number): Promise<void> => {
    while (world.now < seconds(at)) {
      await world.clock.advance(Math.min(seconds(1), seconds(at) - world.now));
      await revive();
    }
  };
  const longAgo = { startsAt: world.clock.now(), endsAt: world.clock.now() + 1e9 };
  await send(() => world.push({ alertname: 'a' }, longAgo));
  await until(30);
  await send(() => world.push({ alertname: 'b' }, longAgo));
  await until(100);
  await send(() => world.push({ alertname: 'a' }, { startsAt: longAgo.startsAt, endsAt: longAgo.startsAt + seconds(100) }));
  await until(200);
  await send(() => world.push({ alertname: 'b' }, { startsAt: longAgo.startsAt, endsAt: longAgo.startsAt + seconds(200) }));
  await until(400);
  const { steps } = death;
  await world.alerting.close();
  return { told, steps, died: death.hasCome };
}

describe('a process that dies', async () => {
  const undisturbed = await story(new Death(0, 'before'));
  const expected = ['first a:firing', 'new-alerts a:firing b:firing', 'some-resolved a:resolved b:firing', 'all-resolved b:resolved'];

  it('not at all tells each thing once', () => {
    expect(undisturbed.told.map(({ text }) => text)).toEqual(expected);
    expect(undisturbed.steps).toBeGreaterThan(20);
  });

  const moments = Array.from({ length: undisturbed.steps }, (_, i) => i + 1).flatMap((step) => (['before', 'after'] as const).map((phase) => [step, phase] as const));
  it.each(moments)('at step %i, %s it, loses nothing and tells at most one thing twice, under one key', async (step, phase) => {
    const { told, died } = await story(new Death(step, phase));
    expect(died).toBe(true);
    const distinct = told.filter(({ key }, i) => told.findIndex((other) => other.key === key) === i);
    expect(distinct.map(({ text }) => text)).toEqual(expected);
    expect(told.length - distinct.length).toBeLessThanOrEqual(1);
  });
});
