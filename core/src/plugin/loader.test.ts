import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '@metrics-dashboard/sdk';
import type { Logger, PluginSide } from '@metrics-dashboard/sdk';
import { silentLogger, testHost } from '@metrics-dashboard/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../runtime/system-clock.js';
import { loadPlugins } from './loader.js';
import type { LoadOptions } from './loader.js';
import type { PluginConfig } from './plugin-config.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loader-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A plugin's code without any import: what definePlugin and points.….of give, written out. */
function code(body: string, id = 'fix', sdk = '*'): string {
  return `
const schema = (check) => ({ '~standard': { version: 1, vendor: 'test', validate: check } });
const kind = (point, kind) => ({ point, name: kind, value: { kind, config: schema((value) => ({ value })), open: () => ({}) } });
const aggregation = (name) => ({ point: 'aggregation', name, value: { name, create: () => ({}) } });
export default { id: '${id}', sdk: '${sdk}', ${body} };`;
}

function write(path: string, text: string): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

function writePackage(name: string, manifest: unknown, text: string, more: object = {}): void {
  const contents = { name, version: '3.2.1', type: 'module', exports: './index.js', 'metrics-dashboard': manifest, ...more };
  write(`node_modules/${name}/package.json`, JSON.stringify(contents));
  write(`node_modules/${name}/index.js`, text);
}

function named(specifier: string, config?: unknown): PluginConfig {
  const at = { file: 'my.yml', path: 'plugins[0]', line: 4, column: 5, parts: { 'config': { line: 6, column: 7 } } };
  return { specifier, from: pathToFileURL(join(folder, 'my.yml')).href, config, at };
}

function load(plugins: readonly PluginConfig[], more: Partial<LoadOptions> = {}) {
  return loadPlugins({
    plugins,
    side: 'main',
    policy: 'abort',
    hostFor: () => testHost(),
    log: silentLogger,
    clock: systemClock,
    sdkVersion: '1.4.0',
    ...more,
  });
}

describe('loadPlugins', () => {
  it('loads a package by name and shows what it contributes', async () => {
    writePackage('my-plugin', { id: 'fix', sdk: '^1.0.0', contributes: ['notifier'] }, code(`activate: () => [kind('notifier', 'pager')]`));
    const { contributions, statuses } = await load([named('my-plugin')]);
    expect(contributions.names('notifier')).toEqual(['pager']);
    expect(statuses).toEqual([
      {
        id: 'fix',
        specifier: 'my-plugin',
        version: '3.2.1',
        side: 'main',
        state: 'active',
        error: undefined,
        contributions: [{ point: 'notifier', name: 'pager' }],
      },
    ]);
  });

  it('runs no code of a package that contributes nothing on this side', async () => {
    writePackage('my-plugin', { id: 'fix', sdk: '^1.0.0', contributes: ['aggregation'] }, `throw new Error('was run');`);
    const { statuses } = await load([named('my-plugin')]);
    expect(statuses).toEqual([]);
  });

  it('takes from a bare file what belongs to the side, on both sides', async () => {
    write('two.mjs', code(`activate: () => [kind('notifier', 'pager'), aggregation('geomean')]`));
    const namesOn = async (side: PluginSide) => {
      const { statuses } = await load([named('./two.mjs')], { side });
      return statuses.map(({ id, contributions }) => [id, ...contributions.map(({ name }) => name)]);
    };
    expect(await namesOn('main')).toEqual([['fix', 'pager']]);
    expect(await namesOn('engine')).toEqual([['fix', 'geomean']]);
  });

  it('loads a folder by path, through the conditions of its exports', async () => {
    const manifest = { id: 'fix', sdk: '^1', contributes: ['notifier'] };
    const exports = { '.': { types: './index.d.ts', import: './lib/main.js', require: './not-this.cjs' } };
    write('here/package.json', JSON.stringify({ type: 'module', exports, 'metrics-dashboard': manifest }));
    write('here/lib/main.js', code(`activate: () => [kind('notifier', 'pager')]`));
    const located: string[] = [];
    const { contributions } = await load([named('./here')], { onLocated: (...found) => located.push(...found) });
    expect(contributions.ownerOf('notifier', 'pager')).toBe('fix');
    expect(located).toEqual(['fix', join(folder, 'here')]);
  });

  it('hands a checked configuration to activate', async () => {
    write('conf.mjs', code(`config: schema(({ name }) => ({ value: name.toUpperCase() })), activate: (host, name) => [kind('notifier', name)]`));
    const { contributions } = await load([named('./conf.mjs', { name: 'ada' })]);
    expect(contributions.names('notifier')).toEqual(['ADA']);
  });

  const failures: readonly [what: string, body: string, message: RegExp, sdk?: string][] = [
    ['throws in activate', `activate: () => { throw new TypeError('boom'); }`, /^plugin fix: activate it$/],
    ['rejects in activate', `activate: async () => { throw new Error('boom'); }`, /^plugin fix: activate it$/],
    ['hangs in activate', `activate: () => new Promise(() => {})`, /^plugin fix: activate it: not done after 0.05 s$/],
    ['was written for another sdk', `activate: () => []`, /^plugin fix: was written for sdk \^2.0.0, this is sdk 1.4.0$/, '^2.0.0'],
    ['has no range', `activate: () => []`, /^plugin fix: its sdk range "new" is not a range of versions/, 'new'],
    ['returns no list', `activate: () => ({})`, /^plugin fix: activate did not return a list/],
    ['offers no contribution', `activate: () => [42]`, /^plugin fix: offers something that points/],
    ['offers an unknown point', `activate: () => [kind('teapot', 'a')]`, /^plugin fix: offers something that points/],
    [
      'offers a kind that can\'t be opened',
      `activate: () => [{ point: 'notifier', name: 'n', value: { kind: 'n', config: {} } }]`,
      /^plugin fix: the notifier "n" lacks the function open$/,
    ],
    ['takes a reserved name', `activate: () => [aggregation('mad_over_time')]`, /"mad_over_time", a name that the query language has already/],
  ];
  it.each(failures)('names a plugin that %s, and goes on without it by policy', async (what, body, message, sdk) => {
    write('bad.mjs', code(body, 'fix', sdk));
    write('good.mjs', code(`activate: () => [kind('notifier', 'pager')]`, 'good'));
    const bad = named('./bad.mjs');
    const options = { side: what.includes('reserved') ? 'engine' : 'main', timeout: 50, isReservedName: (name: string) => name === 'mad_over_time' } as const;

    await expect(load([bad], options)).rejects.toThrow(message);

    const logged: unknown[] = [];
    const log: Logger = { ...silentLogger, error: (text, fields) => logged.push([text, fields?.['plugin']]) };
    const { statuses, contributions } = await load([bad, named('./good.mjs')], { ...options, log, policy: 'continue' });
    expect(statuses[0]).toMatchObject({ state: 'failed', contributions: [] });
    expect(logged).toEqual([['plugin left out', 'fix']]);
    if (options.side === 'main') expect(contributions.names('notifier')).toEqual(['pager']);
  });

  const wrong: readonly [what: string, body: string, message: RegExp][] = [
    ['takes no configuration', `activate: () => []`, /^my.yml:4:5: plugins\[0\]: plugin fix takes no configuration$/],
    [
      'refuses its configuration',
      `config: schema(() => ({ issues: [{ message: 'no', path: ['config'] }, { message: 'nor', path: [] }] })), activate: () => []`,
      /^my.yml:6:7: plugins\[0\].config: no\nmy.yml:4:5: plugins\[0\]: nor$/,
    ],
  ];
  it.each(wrong)('ends the start at a plugin that %s, whatever the policy', async (_, body, message) => {
    write('bad.mjs', code(body));
    for (const policy of ['abort', 'continue'] as const) {
      const loading = load([named('./bad.mjs', {})], { policy });
      await expect(loading).rejects.toThrow(message);
      await expect(loading).rejects.toBeInstanceOf(ConfigError);
    }
  });

  it('tells of all that are not there at once, and unloads those that are', async () => {
    write('good.mjs', code(`activate: () => [kind('notifier', 'pager')]`, 'good'));
    const unloaded: string[] = [];
    const hostFor = Object.assign(() => testHost(), { unload: (plugin: string) => void unloaded.push(plugin) });
    const loading = load([named('./good.mjs'), named('./none.mjs'), named('nowhere')], { policy: 'continue', hostFor });
    await expect(loading).rejects.toThrow(/^my.yml:4:5: plugins\[0\]: plugin .\/none.mjs: .*\nmy.yml:4:5: plugins\[0\]: plugin nowhere: there is no package/);
    expect(unloaded).toContain('good');
  });

  it('keeps for the other side what did not fail on this one', async () => {
    write('good.mjs', code(`activate: () => [aggregation('geomean')]`, 'good'));
    write('bad.mjs', code(`activate: () => { throw new Error('boom'); }`, 'bad'));
    const { usable } = await load([named('./bad.mjs'), named('./good.mjs'), named('./good.mjs')], { policy: 'continue' });
    expect(usable).toEqual([named('./good.mjs')]);
  });

  const manifests: readonly [what: string, manifest: unknown, message: RegExp][] = [
    ['is no plugin', undefined, /^my.yml:4:5: plugins\[0\]: plugin p: its package.json has no field "metrics-dashboard", so it is not a plugin$/],
    ['has another id in its code', { id: 'other', sdk: '*', contributes: ['notifier'] }, /says its id is "fix", its package.json "other"/],
    ['keeps quiet about a point', { id: 'fix', sdk: '*', contributes: ['discovery'] }, /offers the notifier "pager", but .* names only discovery/],
    ['names an unknown point', { id: 'fix', sdk: '*', contributes: ['teapot'] }, /unknown extension point "teapot"/],
    ['contributes nothing', { id: 'fix', sdk: '*', contributes: [] }, /is not a list of extension points/],
    ['has an odd id', { id: 'a/b', sdk: '*', contributes: ['notifier'] }, /id in its package.json is "a\/b"/],
    ['was written for another sdk', { id: 'fix', sdk: '^2', contributes: ['notifier'] }, /was written for sdk \^2, this is sdk 1.4.0/],
  ];
  it.each(manifests)('names a package that %s', async (_, manifest, message) => {
    writePackage('p', manifest, code(`activate: () => [kind('notifier', 'pager')]`));
    await expect(load([named('p')])).rejects.toThrow(message);
  });

  it.each([
    ['./none.mjs', /there is no file or folder .*none.mjs/],
    ['nowhere', /there is no package of this name/],
  ])('says that %s is not there', async (specifier, message) => {
    await expect(load([named(specifier)])).rejects.toThrow(message);
  });

  it('names a module that throws when it is imported, with the cause', async () => {
    write('bad.mjs', `throw new Error('at the top');`);
    const { statuses } = await load([named('./bad.mjs')], { policy: 'continue' });
    expect(statuses[0]?.error).toBe('plugin ./bad.mjs: import it: at the top');
  });

  it('names both plugins when two offer the same name; the first keeps it', async () => {
    write('a.mjs', code(`activate: () => [kind('notifier', 'pager')]`, 'first'));
    write('b.mjs', code(`activate: () => [kind('discovery', 'dns'), kind('notifier', 'pager')]`, 'second'));
    const { statuses, contributions } = await load([named('./a.mjs'), named('./b.mjs')], { policy: 'continue' });
    expect(statuses[1]?.error).toBe('plugin second: offers the notifier "pager", which plugin first offers already');
    expect(contributions.ownerOf('notifier', 'pager')).toBe('first');
    expect(contributions.names('discovery')).toEqual([]);
  });

  it('refuses a plugin that is named twice', async () => {
    write('a.mjs', code(`activate: () => [kind('notifier', 'pager')]`));
    await expect(load([named('./a.mjs'), named('./a.mjs')])).rejects.toThrow('plugin fix: is named twice');
  });

  it('unloads what failed at once, and the others at the end', async () => {
    write('good.mjs', code(`activate: () => [kind('notifier', 'pager')]`, 'good'));
    write('bad.mjs', code(`activate: () => { throw new Error('boom'); }`, 'bad'));
    const unloaded: string[] = [];
    const hostFor = Object.assign(() => testHost(), { unload: (plugin: string) => void unloaded.push(plugin) });
    const loaded = await load([named('./good.mjs'), named('./bad.mjs')], { policy: 'continue', hostFor });
    expect(unloaded).toEqual(['bad']);
    loaded.close();
    expect(unloaded).toEqual(['bad', 'good']);
  });
});
