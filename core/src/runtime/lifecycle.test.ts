import { describe, expect, it } from 'vitest';
import { Scope } from './lifecycle.js';

describe('a scope', () => {
  it('closes in reverse order, one after another', async () => {
    const order: string[] = [];
    const scope = new Scope();
    const closing = (name: string) => async () => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
    };
    scope.own(closing('first'));
    scope.own({ close: closing('second') });
    await scope.close();
    expect(order).toEqual(['second begins', 'second ends', 'first begins', 'first ends']);
  });

  it('closes once, however often it is asked', async () => {
    let closed = 0;
    const scope = new Scope();
    scope.own(() => void (closed += 1));
    await Promise.all([scope.close(), scope.close()]);
    await scope.close();
    expect(closed).toBe(1);
  });

  it('closes all, whatever one says, and tells every error', async () => {
    const closed: number[] = [];
    const scope = new Scope();
    for (const i of [0, 1, 2, 3]) {
      scope.own(() => {
        closed.push(i);
        if (i % 2 === 1) throw new Error(`no ${i}`);
      });
    }
    await expect(scope.close()).rejects.toThrow('no 3; no 1');
    expect(closed).toEqual([3, 2, 1, 0]);
  });

  it('tells a single error as it is', async () => {
    const scope = new Scope();
    const error = new TypeError('no');
    scope.own(() => Promise.reject(error));
    await expect(scope.close()).rejects.toBe(error);
  });

  it('takes nothing once it is closed', async () => {
    const scope = new Scope();
    await scope.close();
    expect(scope.isClosed).toBe(true);
    expect(() => scope.own(() => undefined)).toThrow('a closed scope owns nothing');
  });
});
