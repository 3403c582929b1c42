import { describe, expect, it } from 'vitest';
import { AuthError } from '@metrics-dashboard/sdk';
import type { AuthProvider, Credentials } from '@metrics-dashboard/sdk';
import { Authenticator } from './authenticator.js';

const never = new AbortController().signal;
const asked: string[] = [];

const providers: Readonly<Record<'strict' | 'second', AuthProvider>> = {
  strict: {
    authenticate: (credentials) => {
      asked.push('strict');
      if (credentials.kind === 'bearer' && credentials.token === 'bad') return Promise.reject(new AuthError('expired'));
      return Promise.resolve(credentials.kind === 'bearer' && credentials.token === 'mine' ? { name: 'ci', roles: ['editor'] } : undefined);
    },
  },
  second: {
    authenticate: (credentials) => {
      asked.push('second');
      return Promise.resolve(credentials.kind === 'basic' ? { name: credentials.user, roles: ['admin'] } : undefined);
    },
  },
};

function authenticator(anonymous: 'none' | 'viewer' | 'admin', ...kinds: ('strict' | 'second')[]): Authenticator {
  asked.length = 0;
  return new Authenticator(anonymous, kinds.map((kind) => providers[kind]));
}

function token(text: string): Credentials {
  return { kind: 'bearer', token: text };
}

describe('who somebody is', () => {
  it('is what the first provider that knows them says, with all roles that theirs imply', async () => {
    const auth = authenticator('none', 'strict', 'second');
    expect(await auth.authenticate(token('mine'), never)).toEqual({ name: 'ci', roles: ['viewer', 'editor'] });
    expect(asked).toEqual(['strict']);
    const ada = { kind: 'basic', user: 'ada', password: 'x' } as const;
    expect(await auth.authenticate(ada, never)).toEqual({ name: 'ada', roles: ['viewer', 'editor', 'admin'] });
  });

  it('is an error where a provider says the credentials are wrong, or none knows them', async () => {
    const auth = authenticator('admin', 'strict', 'second');
    await expect(auth.authenticate(token('bad'), never)).rejects.toThrow('expired');
    expect(asked).toEqual(['strict']);
    await expect(auth.authenticate(token('other'), never)).rejects.toThrow(new AuthError('unknown token'));
    await expect(authenticator('admin').authenticate(token('x'), never)).rejects.toThrow(AuthError);
  });

  it('is nobody in particular where nothing was said', async () => {
    expect(await authenticator('none', 'second').authenticate(undefined, never)).toBeUndefined();
    const auth = authenticator('viewer', 'second');
    expect(await auth.authenticate(undefined, never)).toEqual({ name: 'anonymous', roles: ['viewer'] });
    expect(auth.anonymous).toEqual({ name: 'anonymous', roles: ['viewer'] });
    expect(asked).toEqual([]);
  });
});
