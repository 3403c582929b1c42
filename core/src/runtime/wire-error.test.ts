import {
  AuthError,
  ConfigError,
  ConflictError,
  DeliveryError,
  InvariantError,
  LimitError,
  NotFoundError,
  ParseError,
  PermissionError,
  PluginError,
  QueryError,
  ScrapeError,
  StorageError,
  UnavailableError,
  messageOf,
} from '@metrics-dashboard/sdk';
import type { MetricsDashboardError } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { fromWire, toWire } from './wire-error.js';

const cause = new RangeError('the disk is full');

const errors: readonly MetricsDashboardError[] = [
  new ConfigError('bad', { file: 'a.yml', path: 'x[0]', position: { line: 1, column: 2 }, cause }),
  new ParseError('bad', { position: { line: 3, column: 4 } }),
  new ParseError('bad', { offset: 17 }),
  new QueryError('late', { reason: 'timeout', position: { line: 1, column: 1 } }),
  new LimitError('limits.query_series', 10, 11),
  new StorageError('write', { file: 'wal/1', offset: 7, retryable: true, cause }),
  new UnavailableError('later', 2500),
  new DeliveryError('no', true),
  new ScrapeError('no answer'),
  new AuthError('who?'),
  new PermissionError('no'),
  new NotFoundError('nothing'),
  new ConflictError('late', { expected: 3, met: 4 }, ['title: a, b']),
  new PluginError('foo', 'activate it', { cause }),
  new InvariantError('one is two'),
];

describe('errors that cross a thread', () => {
  it.each(errors.map((error) => [error.name, error] as const))('%s comes out as it went in', (_, error) => {
    const crossed = fromWire(structuredClone(toWire(error)));
    expect(crossed).toBeInstanceOf(error.constructor);
    expect(crossed).toMatchObject({ ...error });
    expect(messageOf(crossed)).toBe(messageOf(error));
  });

  it('keep name, code and stack when they are not of the house', () => {
    const error = Object.assign(new TypeError('odd'), { code: 'ENOENT', handle: () => {} });
    const crossed = fromWire(structuredClone(toWire(error)));
    expect(crossed).toMatchObject({ name: 'TypeError', message: 'odd', code: 'ENOENT', stack: error.stack });
  });

  it('are made of whatever was thrown', () => {
    expect(fromWire(structuredClone(toWire('just text'))).message).toBe('just text');
  });

  it('cross with a chain of causes that leads back to itself', () => {
    const error = new Error('round');
    error.cause = error;
    expect(fromWire(structuredClone(toWire(error))).message).toBe('round');
  });
});
