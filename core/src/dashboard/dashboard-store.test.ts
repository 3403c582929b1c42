import { ConflictError, NotFoundError, ParseError } from '@metrics-dashboard/sdk';
import { ManualClock, silentLogger } from '@metrics-dashboard/sdk/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { openStateDatabase } from '../state/database.js';
import type { StateDatabase } from '../state/database.js';
import { DashboardStore } from './dashboard-store.js';
import type { DashboardInput } from './document.js';
import { readDocument } from './read-document.js';

const opened: StateDatabase[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

const clock = new ManualClock(1000);
const builtIn = readDocument({ version: 1, id: 'home', title: 'Home' });

async function store(): Promise<DashboardStore> {
  const database = await openStateDatabase({ dataDir: undefined, log: silentLogger });
  opened.push(database);
  return new DashboardStore(() => database, clock, [builtIn]);
}

function board(title: string, more: Partial<DashboardInput> = {}): DashboardInput {
  return { version: 1, id: 'b', title, ...more };
}

const panel = (id: string, title: string) => ({ kind: 'stat' as const, id, title, position: { x: 0, y: 0, width: 6, height: 4 } });

describe('saved dashboards', () => {
  it('are counted by revision, and remember who saved them and why', async () => {
    const dashboards = await store();
    expect((await dashboards.save(board('one'), { expected: 0, by: 'ann', message: 'begin' })).revision).toBe(1);
    await clock.advance(500);
    await dashboards.save(board('two'), { expected: 1, by: 'bob' });
    expect(await dashboards.get('b')).toMatchObject({ revision: 2, updatedBy: 'bob', updatedAt: 1500, document: { title: 'two' } });
    expect(await dashboards.history('b')).toEqual([
      { revision: 2, at: 1500, by: 'bob', message: '', deleted: false },
      { revision: 1, at: 1000, by: 'ann', message: 'begin', deleted: false },
    ]);
    expect((await dashboards.at('b', 1)).title).toBe('one');
  });

  it('are not overwritten by who has not seen the last change, who learns both revisions and what differs', async () => {
    const dashboards = await store();
    await dashboards.save(board('one', { panels: [panel('cpu', 'CPU')] }), { expected: 0, by: 'ann' });
    await dashboards.save(board('two', { panels: [panel('cpu', 'Processor')] }), { expected: 1, by: 'bob' });
    const late = dashboards.save(board('three', { panels: [panel('cpu', 'CPU'), panel('mem', 'Memory')] }), { expected: 1, by: 'ann' });
    const refusal: unknown = await late.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConflictError);
    expect(refusal).toMatchObject({
      message: 'the dashboard "b" was changed by bob: this change is of revision 1, there is revision 2',
      revisions: { expected: 1, met: 2 },
      differences: ['title: "two", now "three"', 'panels[cpu].title: "Processor", now "CPU"', 'panels[mem]: added'],
    });
    expect((await dashboards.get('b'))?.document.title).toBe('two');
    await expect(dashboards.save(board('new'), { expected: 0, by: 'ann' })).rejects.toThrow(ConflictError);
  });

  it('come back as they were, also after they were deleted', async () => {
    const dashboards = await store();
    await dashboards.save(board('one'), { expected: 0, by: 'ann' });
    await dashboards.save(board('two'), { expected: 1, by: 'ann' });
    await dashboards.remove('b', { expected: 2, by: 'bob' });
    expect(await dashboards.get('b')).toBeUndefined();
    expect((await dashboards.history('b'))[0]).toMatchObject({ revision: 3, by: 'bob', deleted: true });
    expect(await dashboards.restore('b', 1, { expected: 0, by: 'ann' })).toMatchObject({ revision: 4, document: { title: 'one' } });
    await expect(dashboards.at('b', 3)).rejects.toThrow(NotFoundError);
    await expect(dashboards.remove('c', { expected: 1, by: 'ann' })).rejects.toThrow(NotFoundError);
  });

  it('are found by words of their title, folder and tags', async () => {
    const dashboards = await store();
    await dashboards.save(board('Disks', { folder: 'team/storage', tags: ['Slow'] }), { expected: 0, by: 'ann' });
    await dashboards.save(board('Network', { id: 'n' }), { expected: 0, by: 'ann' });
    const ids = async (search: string): Promise<string[]> => (await dashboards.list(search)).map(({ id }) => id);
    expect(await ids('')).toEqual(['home', 'n', 'b']);
    expect(await ids('slow STORAGE')).toEqual(['b']);
    expect(await ids('home')).toEqual(['home']);
    expect(await ids('slow home')).toEqual([]);
  });

  it('take the place of one that comes with the program, until they are deleted', async () => {
    const dashboards = await store();
    expect(await dashboards.get('home')).toMatchObject({ revision: 0 });
    await dashboards.save(board('Mine', { id: 'home' }), { expected: 0, by: 'ann' });
    expect((await dashboards.list('')).map(({ title }) => title)).toEqual(['Mine']);
    await dashboards.remove('home', { expected: 1, by: 'ann' });
    expect((await dashboards.get('home'))?.document.title).toBe('Home');
  });
});

describe('dashboards from files', () => {
  const given = (title: string) => readDocument(board(title));

  it('follow their file until they are edited, and then show how they differ', async () => {
    const dashboards = await store();
    expect(await dashboards.provision(given('one'), 'a.json', false, 'files')).toBe(true);
    expect(await dashboards.provision(given('one'), 'a.json', false, 'files')).toBe(false);
    await dashboards.provision(given('two'), 'a.json', false, 'files');
    expect(await dashboards.get('b')).toMatchObject({ revision: 2, document: { title: 'two' }, provisioned: { file: 'a.json', drift: [] } });

    await dashboards.save(board('edited'), { expected: 2, by: 'ann' });
    await dashboards.provision(given('three'), 'a.json', false, 'files');
    expect(await dashboards.get('b')).toMatchObject({
      revision: 3,
      document: { title: 'edited' },
      provisioned: { drift: [{ path: 'title', before: 'three', after: 'edited' }] },
    });

    await dashboards.provision(given('three'), 'a.json', true, 'ann');
    expect(await dashboards.get('b')).toMatchObject({ revision: 4, document: { title: 'three' }, provisioned: { drift: [] } });
  });

  it('stay when the file goes', async () => {
    const dashboards = await store();
    await dashboards.provision(given('one'), 'a.json', false, 'files');
    await dashboards.keepFiles([]);
    expect(await dashboards.get('b')).toMatchObject({ revision: 1, provisioned: undefined });
  });
});

describe('a document', () => {
  it.each<[unknown, string]>([
    [[], 'expected a dashboard document, an object'],
    [{ schemaVersion: 36 }, "another program's dashboard"],
    [{ version: 2 }, 'version: 2 was written by a newer program'],
    [{ version: 1, id: 'A b', title: '' }, 'id: expected small letters, digits, - and _\ntitle: '],
    [board('a', { panels: [{ ...panel('x', ''), colour: 'red' } as never] }), 'panels[0].colour: is no key of this part'],
    [board('a', { panels: [panel('x', ''), panel('x', '')] }), 'panels[1].id: "x" is another panel\'s, too'],
    [board('a', { panels: [{ ...panel('x', ''), position: { x: 20, y: 0, width: 6, height: 1 } }] }), 'panels[0].position: ends at column 26 of 24'],
    [
      board('a', { variables: [{ kind: 'label_values', name: 'a', of: 'x', selector: 'up{b="$b"}' }, { kind: 'query', name: 'b', expression: 'up{a="$a"}' }] }),
      'variables[0]: the options of "a" depend on themselves\nvariables[1]: the options of "b" depend on themselves',
    ],
  ])('%j is refused: %s', (value, message) => {
    expect(() => readDocument(value)).toThrow(ParseError);
    expect(() => readDocument(value)).toThrow(message);
  });

  it('is the same after it was written and read', () => {
    const document = readDocument(board('a', { panels: [panel('x', 'X')], variables: [{ kind: 'text', name: 't' }] }));
    expect(readDocument(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });
});
