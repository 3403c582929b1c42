import { expect, test } from 'vitest';
import { refusalOf } from './access.js';

const LOOPBACK = { host: '127.0.0.1', port: 9700 };
const OPEN = { host: '0.0.0.0', port: 9700 };

test.each([
  ['a program', LOOPBACK, { host: '127.0.0.1:9700' }, true],
  ['another name of this machine', LOOPBACK, { host: 'LOCALHOST:9700' }, true],
  ['IPv6', { host: '::1', port: 9700 }, { host: '[::1]:9700' }, true],
  ['another loopback address that it listens on', { host: '127.0.0.2', port: 80 }, { host: '127.0.0.2' }, true],
  ['no name at all', LOOPBACK, {}, false],
  ['a name that leads here', LOOPBACK, { host: 'evil.example:9700' }, false],
  ['a name that only begins well', LOOPBACK, { host: 'localhost.evil.example:9700' }, false],
  ['another port', LOOPBACK, { host: 'localhost:80' }, false],
  ['its own page', LOOPBACK, { host: 'localhost:9700', origin: 'http://localhost:9700' }, true],
  ['a page of another port', LOOPBACK, { host: 'localhost:9700', origin: 'http://localhost:5173' }, false],
  ['a page of nowhere', LOOPBACK, { host: 'localhost:9700', origin: 'null' }, false],
  ['an address that is no origin', LOOPBACK, { host: 'localhost:9700', origin: 'http://localhost:9700/x' }, false],
  ['any name on an open address', OPEN, { host: 'metrics.example' }, true],
  ['its own page behind a proxy with TLS', OPEN, { host: 'metrics.example', origin: 'https://metrics.example' }, true],
  ['another page on an open address', OPEN, { host: 'metrics.example', origin: 'https://evil.example' }, false],
  ['an image of another page', OPEN, { host: 'metrics.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, false],
  ['a link from another page', OPEN, { host: 'metrics.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, true],
])('%s', (_name, listening, headers, isServed) => {
  expect(refusalOf(headers, listening) === undefined).toBe(isServed);
});
