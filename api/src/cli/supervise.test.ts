import { ConfigError } from '@metrics-dashboard/sdk';
import type { Logger } from '@metrics-dashboard/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openServer } from '../server.js';
import type { Running } from '../start.js';
import { FakeApp } from '../testing/fake-app.js';
import { superviseProcess } from './supervise.js';

let app: FakeApp;
let running: Running;
let lines: string[];

const log: Logger = {
  debug: () => {},
  info: (message) => void lines.push(message),
  warn: (message) => void lines.push(message),
  error: (message, fields) => void lines.push(`${message}: ${String(fields?.error)}`),
  with: () => log,
};

beforeEach(async () => {
  lines = [];
  app = new FakeApp();
  const server = await openServer({ app, listen: { host: '127.0.0.1', port: 0 }, uiFolder: undefined, flags: {} });
  running = { app, server, ready: Promise.resolve(), close: () => server.close() };
});

afterEach(() => running.close());

/** Supervises a server that starts as `start` says. */
function supervise(start: () => Promise<Running>): Promise<number> {
  return superviseProcess({ start, onReady: () => void lines.push('ready'), log });
}

describe('a supervised process', () => {
  test('stops when it is told to, and leaves no listener', async () => {
    const before = process.listenerCount('SIGTERM');
    const stopped = supervise(() => Promise.resolve(running));
    await expect.poll(() => lines).toEqual(['ready']);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await stopped).toBe(0);
    expect(lines).toEqual(['ready', 'stopping', 'stopped']);
    expect(process.listenerCount('SIGTERM')).toBe(before);
    await expect(fetch(running.server.url)).rejects.toThrow();
  });

  test('stops before its start has come to anything', async () => {
    const stopped = supervise(() => new Promise(() => {}));
    process.emit('SIGINT', 'SIGINT');
    expect(await stopped).toBe(0);
    expect(lines).toEqual(['stopping', 'stopped']);
  });

  test('stops in the middle of becoming ready, whatever becomes of that', async () => {
    let fail: (error: Error) => void = () => {};
    const ready = new Promise<void>((_, reject) => (fail = reject));
    let isOpen = false;
    const close = (): Promise<void> => {
      fail(new Error('closed before it was ready'));
      return Promise.resolve();
    };
    const stopped = supervise(() => {
      isOpen = true;
      return Promise.resolve({ ...running, ready, close });
    });
    await expect.poll(() => isOpen).toBe(true);
    process.emit('SIGINT', 'SIGINT');
    expect(await stopped).toBe(0);
    expect(lines).toEqual(['stopping', 'stopped']);
  });

  test('rejects with why it can not become ready, and closes what is open', async () => {
    let isClosed = false;
    const close = async (): Promise<void> => void (isClosed = true);
    await expect(supervise(() => Promise.resolve({ ...running, ready: Promise.reject(new Error('no room')), close }))).rejects.toThrow('no room');
    expect(isClosed).toBe(true);
    await expect(supervise(() => Promise.reject(new Error('no port')))).rejects.toThrow('no port');
    expect(lines).toEqual([]);
  });

  test('reads the configuration again, and keeps the one before when that fails', async () => {
    const stopped = supervise(() => Promise.resolve(running));
    await expect.poll(() => lines).toEqual(['ready']);
    process.emit('SIGHUP', 'SIGHUP');
    await expect.poll(() => lines[1]).toBe('configuration read again');
    app.reloads.push(() => Promise.reject(new ConfigError('unknown key "foo"', { file: 'md.yml', path: 'foo', position: { line: 3, column: 1 } })));
    process.emit('SIGHUP', 'SIGHUP');
    await expect.poll(() => lines[2]).toBe('configuration not read again, the one before stays in force: md.yml:3:1: foo: unknown key "foo"');
    process.emit('SIGINT', 'SIGINT');
    expect(await stopped).toBe(0);
  });

  test('ends with 1 when not everything could be closed', async () => {
    const stopped = supervise(() => Promise.resolve({ ...running, close: () => Promise.reject(new Error('disk is gone')) }));
    process.emit('SIGTERM', 'SIGTERM');
    expect(await stopped).toBe(1);
    expect(lines).toEqual(['stopping', 'not everything could be closed: Error: disk is gone']);
  });
});
