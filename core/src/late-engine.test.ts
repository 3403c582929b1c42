import { QueryError, UnavailableError } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import type { Engine } from './engine/engine.js';
import { LateEngine } from './late-engine.js';

/** An engine that says what it is told to say. */
function answering(answers: { status: () => Promise<never> | Promise<object> }): Engine {
  const closed = Promise.resolve();
  return { ...answers, close: () => closed, configure: () => closed } as unknown as Engine;
}

describe('an engine that comes later', () => {
  it('is unavailable before it is there, and after it was closed', async () => {
    const engine = new LateEngine();
    await expect(engine.status()).rejects.toThrow(new UnavailableError('the engine is starting'));
    expect(await engine.plugins()).toEqual([]);
    await engine.connect(answering({ status: () => Promise.resolve({ restarts: 3 }) }));
    expect(await engine.status()).toEqual({ restarts: 3 });
    await engine.close();
    await engine.close();
    await expect(engine.status()).rejects.toThrow(new UnavailableError('the server is stopping'));
  });

  it('takes over limits that were set before', async () => {
    const engine = new LateEngine();
    const limits = { seriesPerMetric: 1, seriesPerMetricPolicy: 'drop', querySeries: 2, querySamples: 3, queryTimeout: 4 } as const;
    await engine.configure(limits);
    const seen: unknown[] = [];
    await engine.connect({ ...answering({ status: () => Promise.resolve({}) }), configure: (given) => Promise.resolve(void seen.push(given)) });
    expect(seen).toEqual([limits]);
  });

  it('knows whether it answers', async () => {
    const engine = new LateEngine();
    expect(engine.isAnswering).toBe(false);
    let error: Error | undefined;
    await engine.connect(answering({ status: () => (error === undefined ? Promise.resolve({}) : Promise.reject(error)) }));
    const ask = async (): Promise<boolean> => {
      await engine.status().catch(() => undefined);
      return engine.isAnswering;
    };
    expect(await ask()).toBe(true);
    error = new UnavailableError('the engine thread is being restarted');
    expect(await ask()).toBe(false);
    error = new QueryError('a refusal is an answer');
    expect(await ask()).toBe(true);
    await engine.close();
    expect(await ask()).toBe(false);
  });
});
