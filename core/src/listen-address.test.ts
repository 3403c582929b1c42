import { ConfigError } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { anonymousDefault, assertGuarded, isLoopback, ownAddress } from './listen-address.js';

describe('the address the server listens on', () => {
  it.each(['localhost', '127.0.0.1', '127.8.9.1', '::1'])('is a loopback one: %s', (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(anonymousDefault(host, false)).toBe('admin');
    expect(() => assertGuarded({ host, port: 1 }, { auth: false, allowAnonymous: false })).not.toThrow();
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', '127.example.com', 'localhost.example.com', '1270.0.0.1', ''])('is not one: %j', (host) => {
    expect(isLoopback(host)).toBe(false);
    expect(anonymousDefault(host, false)).toBe('none');
    expect(() => assertGuarded({ host, port: 1 }, { auth: false, allowAnonymous: false })).toThrow(ConfigError);
    for (const guard of [{ auth: true, allowAnonymous: false }, { auth: false, allowAnonymous: true }]) {
      expect(() => assertGuarded({ host, port: 1 }, guard)).not.toThrow();
    }
  });

  it.each([
    ['127.0.0.1', '127.0.0.1:9'],
    ['localhost', 'localhost:9'],
    ['0.0.0.0', '127.0.0.1:9'],
    ['::', '[::1]:9'],
    ['fe80::1', '[fe80::1]:9'],
  ])('%s is reached from here as %s', (host, address) => {
    expect(ownAddress({ host, port: 9 })).toBe(address);
  });
});
