import { describe, expect, it } from 'vitest';
import { pluginOfStack } from './stray-errors.js';

const LOCATIONS = new Map([
  ['/srv/app', 'outer'],
  ['/srv/app/node_modules/pager', 'pager'],
  ['/etc/metrics/my plugin.mjs', 'file'],
]);

function thrown(...frames: string[]): Error {
  return Object.assign(new Error('boom\n    at the end'), { stack: ['Error: boom', ...frames.map((frame) => `    at ${frame}`)].join('\n') });
}

describe('a stack', () => {
  it.each([
    ['a URL in the folder of a plugin', ['fail (file:///srv/app/node_modules/pager/dist/index.js:3:9)'], 'pager'],
    ['a path', ['/srv/app/node_modules/pager/lib.js:1:1'], 'pager'],
    ['a bare file, with a space', ['Timeout._onTimeout (file:///etc/metrics/my%20plugin.mjs:1:1)', 'listOnTimeout (node:internal/timers:569:17)'], 'file'],
    ['a library above a plugin', ['parse (file:///opt/lib/parse.js:1:1)', 'async send (file:///srv/app/node_modules/pager/index.js:9:9)'], 'pager'],
    ['an outer folder', ['x (/srv/app/main.js:1:1)'], 'outer'],
    ['a folder whose name only begins alike', ['x (/srv/application/main.js:1:1)'], undefined],
    ['no plugin at all', ['x (node:fs:1:1)'], undefined],
    ['no frame', [], undefined],
  ])('of %s', (_, frames, plugin) => {
    expect(pluginOfStack(thrown(...frames), LOCATIONS)).toBe(plugin);
  });

  it('is missing where something else than an error was thrown', () => {
    expect(pluginOfStack('boom', LOCATIONS)).toBeUndefined();
  });
});
