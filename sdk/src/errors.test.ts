import { expect, it } from 'vitest';
import { AuthError, ConfigError, DeliveryError, LimitError, MetricsDashboardError, ParseError, PluginError, QueryError, StorageError, UnavailableError, messageOf } from './errors.js';

it('errors carry their class, a code and what their reader needs', () => {
  const cause = new Error('disk full');
  const storage = new StorageError('write segment', { file: 'wal/1', offset: 7, retryable: true, cause });
  expect(storage).toMatchObject({ name: 'StorageError', code: 'STORAGE', file: 'wal/1', offset: 7, retryable: true });
  expect(storage).toBeInstanceOf(MetricsDashboardError);
  expect(new StorageError('x')).toMatchObject({ retryable: false, file: undefined });
  expect(new LimitError('limits.query_series', 10, 11)).toMatchObject({ message: 'limits.query_series is 10, met 11', allowed: 10, met: 11 });
  expect(new ConfigError('x', { path: 'a[0].b', position: { line: 1, column: 2 } })).toMatchObject({ code: 'CONFIG', path: 'a[0].b', file: undefined });
  expect(new ParseError('x', { offset: 3 })).toMatchObject({ code: 'PARSE', offset: 3, position: undefined });
  expect(new QueryError('x')).toMatchObject({ code: 'QUERY', reason: 'bad_data' });
  expect(new UnavailableError('x')).toMatchObject({ code: 'UNAVAILABLE', retryAfter: 1000 });
  expect(new DeliveryError('x', true)).toMatchObject({ code: 'DELIVERY', retryable: true });
  expect(new PluginError('p', 'x')).toMatchObject({ code: 'PLUGIN', message: 'plugin p: x' });
  expect(new AuthError('x').code).toBe('UNAUTHENTICATED');
});

it('a message tells its causes in one line', () => {
  const error = new Error('open block', { cause: new Error('read index', { cause: 'checksum differs' }) });
  expect(messageOf(error)).toBe('open block: read index: checksum differs');
  expect(messageOf('text')).toBe('text');
});
