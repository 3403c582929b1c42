import { describe, expect, it } from 'vitest';
import { AuthError, ConfigError } from '@metrics-dashboard/sdk';
import type { AuthProvider, Credentials } from '@metrics-dashboard/sdk';
import type { NamedConfig } from '../plugin/plugin-config.js';
import { Authenticator, anonymousRole } from './authenticator.js';

const never = new AbortController().signal;
const asked: string[] = [];

const PROVIDERS: Readonly<Record<string, AuthProvider>> = {
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

function named(kind: string): NamedConfig {
  return { kind, config: {}, at: { file: undefined, path: 'auth', line: undefined, column: undefined } };
}

async function authenticator(anonymous: 'none' | 'viewer' | 'admin', ...kinds: string[]): Promise<Authenticator> {
  const auth = new Authenticator(({ kind }) => {
    const provider = PROVIDERS[kind];
    return provider === undefined ? Promise.reject(new ConfigError(`unknown auth ${kind}`)) : Promise.resolve(provider);
  });
  (await auth.prepare({ anonymous, providers: kinds.map(named) })).commit();
  asked.length = 0;
  return auth;
}

function token(text: string): Credentials {
  return { kind: 'bearer', token: text };
}

describe('who somebody is', () => {
  it('is what the first provider that knows them says, with all roles that theirs imply', async () => {
    const auth = await authenticator('none', 'strict', 'second');
    expect(await auth.authenticate(token('mine'), never)).toEqual({ name: 'ci', roles: ['viewer', 'editor'] });
    expect(asked).toEqual(['strict']);
    const ada = { kind: 'basic', user: 'ada', password: 'x' } as const;
    expect(await auth.authenticate(ada, never)).toEqual({ name: 'ada', roles: ['viewer', 'editor', 'admin'] });
  });

  it('is an error where a provider says the credentials are wrong, or none knows them', async () => {
    const auth = await authenticator('admin', 'strict', 'second');
    await expect(auth.authenticate(token('bad'), never)).rejects.toThrow('expired');
    expect(asked).toEqual(['strict']);
    await expect(auth.authenticate(token('other'), never)).rejects.toThrow(new AuthError('unknown token'));
    await expect((await authenticator('admin')).authenticate(token('x'), never)).rejects.toThrow(AuthError);
  });

  it('is nobody in particular where nothing was said', async () => {
    expect(await (await authenticator('none', 'second')).authenticate(undefined, never)).toBeUndefined();
    const auth = await authenticator('viewer', 'second');
    expect(await auth.authenticate(undefined, never)).toEqual({ name: 'anonymous', roles: ['viewer'] });
    expect(auth.anonymous).toEqual({ name: 'anonymous', roles: ['viewer'] });
    expect(asked).toEqual([]);
  });

  it('does not change where new rules are refused', async () => {
    const auth = await authenticator('viewer', 'strict');
    await expect(auth.prepare({ anonymous: 'admin', providers: [named('nowhere')] })).rejects.toThrow(ConfigError);
    expect(auth.anonymous?.roles).toEqual(['viewer']);
    expect(await auth.authenticate(token('mine'), never)).toBeDefined();
  });
});

it.each([
  [undefined, true, false, 'admin'],
  [undefined, false, true, 'admin'],
  [undefined, false, false, 'none'],
  ['viewer', true, true, 'viewer'],
  ['none', true, false, 'none'],
] as const)('anonymous, configured as %s, loopback %s, allowed by flag %s, is %s', (configured, isLoopback, allowed, role) => {
  expect(anonymousRole(configured, isLoopback, allowed)).toBe(role);
});
