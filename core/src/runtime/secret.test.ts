import { describe, expect, it } from 'vitest';
import { masked } from './secret.js';

describe('secrets', () => {
  it.each(['password', 'api_key', 'apiKey', 'bearer_token', 'token', 'credentials', 'client_secret', 'password_hash', 'tokens'])(
    'are masked under the name %s',
    (name) => {
      expect(masked({ [name]: 'x' })).toEqual({ [name]: '***' });
    },
  );

  it.each(['password_file', 'tokenizer', 'key', 'username', 'url'])('are not what stands under the name %s', (name) => {
    expect(masked({ [name]: 'x' })).toEqual({ [name]: 'x' });
  });

  it('are found at any depth, and the original stays as it is', () => {
    const original = { list: [{ auth: { password: 'x' } }], tokens: [{ name: 'a', hash: 'y' }], at: undefined, n: 1 };
    expect(masked(original)).toEqual({ list: [{ auth: { password: '***' } }], tokens: [{ name: 'a', hash: '***' }], at: undefined, n: 1 });
    expect(original.list[0]?.auth.password).toBe('x');
  });

  it('leave everything alone that is not plain data', () => {
    const error = Object.assign(new Error('x'), { password: 'y' });
    expect(masked({ error })).toEqual({ error });
    expect(masked('x')).toBe('x');
  });
});
