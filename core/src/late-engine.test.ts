import { QueryError, UnavailableError } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import type { Engine } from './engine/engine.js';
import { LateEngine } from './late-engine.js';

/** An engine that says what it is told to say. */
function answering(answers: { status: () => Promise<never> | Promise<object> }): Engine {
  return { ...answers, close: () => Promise.resolve() } as unknown as Engine;
}

describe('an engine that comes later', () => {
  it('is unavailable before it is there, and after it was closed', async () => {
    const engine = new LateEngine();
    await expect(engine.status()).rejects.toThrow(new UnavailableError('the engine is starting'));
    expect(await engine.plugins()).toEqual([]);
    engine.connect(answering({ status: () => Promise.resolve({ restarts: 3 }) }));
    expect(await engine.status()).toEqual({ restarts: 3 });
    await engine.close();
    await engine.close();
    await expect(engine.status()).rejects.toThrow(new UnavailableError('the server is stopping'));
  });

  it('knows whether it answers', async () => {
    const engine = new LateEngine();
    expect(engine.isAnswering).toBe(false);
    let error: Error | undefined;
    engine.connect(answering({ status: () => (error === undefined ? Promise.resolve({}) : Promise.reject(error)) }));
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
