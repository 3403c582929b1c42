import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AuthError } from '@metrics-dashboard/sdk';
import { staticConfig } from './config.js';
import { hashPassword, hashToken, isPassword, isToken, parsePasswordHash, parseTokenHash } from './hash.js';
import { StaticProvider } from './static-provider.js';

async function provider(): Promise<StaticProvider> {
  return new StaticProvider(
    staticConfig.parse({
      tokens: [
        { name: 'ci', role: 'editor', hash: hashToken('t0ken') },
        { name: 'ro', role: 'viewer', hash: hashToken('0ther') },
      ],
      users: [{ name: 'ada', role: 'admin', password_hash: await hashPassword('pa:ss wörd') }],
    }),
  );
}

describe('tokens and users of the configuration', () => {
  it('are known by what they hold', async () => {
    const auth = await provider();
    expect(await auth.authenticate({ kind: 'bearer', token: 't0ken' })).toEqual({ name: 'ci', roles: ['editor'] });
    expect(await auth.authenticate({ kind: 'bearer', token: '0ther' })).toEqual({ name: 'ro', roles: ['viewer'] });
    const right = { kind: 'basic', user: 'ada', password: 'pa:ss wörd' } as const;
    expect(await auth.authenticate(right)).toEqual({ name: 'ada', roles: ['admin'] });
    expect(await auth.authenticate(right)).toEqual({ name: 'ada', roles: ['admin'] });
  });

  it('that are not there are left to others', async () => {
    const auth = await provider();
    expect(await auth.authenticate({ kind: 'bearer', token: 'nobody' })).toBeUndefined();
    expect(await auth.authenticate({ kind: 'bearer', token: '' })).toBeUndefined();
    expect(await auth.authenticate({ kind: 'basic', user: 'bob', password: 'pa:ss wörd' })).toBeUndefined();
  });

  it('with a wrong password are refused, after a right one too', async () => {
    const auth = await provider();
    await auth.authenticate({ kind: 'basic', user: 'ada', password: 'pa:ss wörd' });
    await expect(auth.authenticate({ kind: 'basic', user: 'ada', password: 'wrong' })).rejects.toThrow(AuthError);
  });

  it('can not be tried by the hundred at once', async () => {
    const auth = await provider();
    const tries = Array.from({ length: 70 }, (_, i) => auth.authenticate({ kind: 'basic', user: 'ada', password: `${i}` }));
    const messages = (await Promise.allSettled(tries)).map((each) => (each.status === 'rejected' ? String(each.reason) : ''));
    expect(messages.filter((message) => message.includes('too many logins'))).toHaveLength(6);
    expect(await auth.authenticate({ kind: 'basic', user: 'ada', password: 'pa:ss wörd' })).toBeDefined();
  }, 30_000);
});

describe('hashes', () => {
  it('made by the recipes in the README are known again', async () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const recipes = [...readme.matchAll(/node -e '([^']+)' '([^']+)'/g)];
    expect(recipes).toHaveLength(2);
    const [token, password] = recipes.map(([, code = '', secret = '']) => ({
      secret,
      hash: execFileSync(process.execPath, ['-e', code, secret], { encoding: 'utf8' }).trim(),
    }));
    const tokenHash = parseTokenHash(token?.hash ?? '');
    const passwordHash = parsePasswordHash(password?.hash ?? '');
    expect(tokenHash && isToken(token?.secret ?? '', tokenHash)).toBe(true);
    expect(passwordHash && (await isPassword(password?.secret ?? '', passwordHash))).toBe(true);
  });

  it.each([
    [{ tokens: [{ name: 'a', role: 'admin', hash: 'plain' }] }, 'is not a token hash'],
    [{ tokens: [{ name: 'a', role: 'root', hash: hashToken('x') }] }, 'viewer'],
    [{ users: [{ name: 'a', role: 'admin', password_hash: 'plain' }] }, 'is not a password hash'],
    [{ users: [{ name: 'a', role: 'admin', password_hash: `scrypt:1000:8:1:AAAA:${'A'.repeat(44)}` }] }, 'is not a password hash'],
    [{ users: [{ name: 'a', role: 'admin', password_hash: `scrypt:1073741824:8:1:AAAA:${'A'.repeat(44)}` }] }, 'is not a password hash'],
    [{ tokens: [1, 2].map(() => ({ name: 'a', role: 'admin', hash: hashToken('x') })) }, '"a" is there twice'],
  ])('that are wrong are refused without being shown: %#', (config, message) => {
    const text = JSON.stringify(staticConfig.safeParse(config).error?.issues);
    expect(text.replaceAll('\\"', '"')).toContain(message);
    expect(text).not.toContain('"plain"');
  });
});
