import { ConfigError } from '@metrics-dashboard/sdk';
import type { Logger } from '@metrics-dashboard/sdk';
import { ManualClock } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';
import type { LogFormat, LogLevel } from './logger.js';

function logged(format: LogFormat, level: LogLevel, write: (log: Logger) => void): string[] {
  const lines: string[] = [];
  write(createLogger({ format, level, write: (line) => lines.push(line), clock: new ManualClock(Date.UTC(2026, 0, 1)) }));
  return lines;
}

describe('the log', () => {
  it('is readable as text', () => {
    const lines = logged('text', 'info', (log) => {
      log.with({ plugin: 'p' }).warn('queue full, oldest dropped', { dropped: 3, queue: 'a b', none: undefined, list: [1] });
      log.info('ready');
    });
    expect(lines).toEqual([
      '2026-01-01T00:00:00.000Z WARN  queue full, oldest dropped  plugin=p dropped=3 queue="a b" list=[1]\n',
      '2026-01-01T00:00:00.000Z INFO  ready\n',
    ]);
  });

  it('is one object a line as JSON', () => {
    const [line] = logged('json', 'info', (log) => log.with({ a: 1 }).error('no', { error: new Error('x', { cause: new Error('y') }) }));
    expect(JSON.parse(line ?? '')).toEqual({ level: 'error', time: '2026-01-01T00:00:00.000Z', message: 'no', a: 1, error: 'x: y' });
  });

  it.each(['text', 'json'] as const)('leaves out what is below its level, as %s', (format) => {
    const lines = logged(format, 'warn', (log) => [log.debug('d'), log.info('i'), log.warn('w'), log.error('e')]);
    expect(lines).toHaveLength(2);
  });

  it('writes a stack at level debug alone, and never for an expected error', () => {
    const write = (log: Logger) => log.error('no', { error: new TypeError('x') });
    expect(logged('json', 'info', write)[0]).not.toContain('logger.test');
    expect(logged('json', 'debug', write)[0]).toContain('logger.test');
    expect(logged('json', 'debug', (log) => log.error('no', { error: new ConfigError('x') }))[0]).not.toContain('logger.test');
  });

  it.each(['text', 'json'] as const)('masks secrets, as %s', (format) => {
    const [line] = logged(format, 'info', (log) =>
      log.info('opened', { password: 'pw-1', config: { bearerToken: 'pw-2', list: [{ api_key: 'pw-3' }], password_file: '/path' } }),
    );
    expect(line).not.toMatch(/pw-\d/);
    expect(line?.match(/\*\*\*/g)).toHaveLength(3);
    expect(line).toContain('/path');
  });
});
