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
  running = { app, server, ready: Promise.resolve(), isClosing: () => false, close: () => server.close() };
});

afterEach(() => running.close());

describe('a supervised process', () => {
  test('stops when it is told to, and leaves no listener', async () => {
    const before = process.listenerCount('SIGTERM');
    const stopped = superviseProcess(running, log);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await stopped).toBe(0);
    expect(lines).toEqual(['stopping', 'stopped']);
    expect(process.listenerCount('SIGTERM')).toBe(before);
    await expect(fetch(running.server.url)).rejects.toThrow();
  });

  test('reads the configuration again, and keeps the one before when that fails', async () => {
    const stopped = superviseProcess(running, log);
    process.emit('SIGHUP', 'SIGHUP');
    await expect.poll(() => lines).toEqual(['configuration read again']);
    app.reloads.push(() => Promise.reject(new ConfigError('unknown key "foo"', { file: 'md.yml', path: 'foo', position: { line: 3, column: 1 } })));
    process.emit('SIGHUP', 'SIGHUP');
    await expect.poll(() => lines[1]).toBe('configuration not read again, the one before stays in force: md.yml:3:1: foo: unknown key "foo"');
    process.emit('SIGINT', 'SIGINT');
    expect(await stopped).toBe(0);
  });

  test('ends with 1 when not everything could be closed', async () => {
    const stopped = superviseProcess({ ...running, close: () => Promise.reject(new Error('disk is gone')) }, log);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await stopped).toBe(1);
    expect(lines).toEqual(['stopping', 'not everything could be closed: Error: disk is gone']);
  });
});
