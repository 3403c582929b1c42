import { AuthError, ConfigError, ConflictError, DeliveryError, InvariantError, NotFoundError, PermissionError, PluginError, StorageError } from '@metrics-dashboard/sdk';
import { describe, expect, test } from 'vitest';
import { describeConfigError, viewError } from './errors.js';

describe('viewError', () => {
  test.each([
    [new AuthError('wrong token'), 401, 'UNAUTHENTICATED'],
    [new PermissionError('not yours'), 403, 'FORBIDDEN'],
    [new ConfigError('unknown key'), 400, 'CONFIG'],
    [new ConflictError('somebody was faster', { expected: 1, met: 2 }), 409, 'CONFLICT'],
    [new NotFoundError('no such dashboard'), 404, 'NOT_FOUND'],
    [new DeliveryError('503', true), 502, 'DELIVERY'],
    [new PluginError('mine', 'threw'), 500, 'PLUGIN'],
    [new StorageError('disk full', { retryable: true }), 503, 'STORAGE'],
    [new InvariantError('refs grow'), 500, 'INTERNAL'],
    [new RangeError('x'), 500, 'INTERNAL'],
    ['thrown text', 500, 'INTERNAL'],
    [undefined, 500, 'INTERNAL'],
  ])('%s', (error, status, code) => {
    expect(viewError(error)).toMatchObject({ status, code });
  });

  test('tells the log, not the client, what broke inside', () => {
    for (const error of [new InvariantError('refs grow'), new StorageError('open /data/tsdb'), new TypeError('undefined')]) {
      const seen = viewError(error);
      expect(seen.isInternal).toBe(true);
      expect(seen.message).not.toContain(error.message);
    }
  });
});

describe('describeConfigError', () => {
  test.each([
    [{ file: 'md.yml', path: 'global.scrape_interval', position: { line: 3, column: 5 } }, 'md.yml:3:5: global.scrape_interval: "5x" is no duration'],
    [{ file: 'md.yml', path: 'global' }, 'md.yml: global: "5x" is no duration'],
    [{ file: 'md.yml' }, 'md.yml: "5x" is no duration'],
    [{}, '"5x" is no duration'],
  ])('%o', (at, text) => {
    expect(describeConfigError(new ConfigError('"5x" is no duration', at))).toBe(text);
  });

  test('says nothing twice', () => {
    const whole = 'md.yml:3:5: foo: unknown key\nmd.yml:4:1: bar: unknown key';
    expect(describeConfigError(new ConfigError(whole, { file: 'md.yml', path: 'foo', position: { line: 3, column: 5 } }))).toBe(whole);
  });
});
