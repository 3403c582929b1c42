import { expect, test } from 'vitest';
import { PersistedDocuments } from './persisted-documents.js';

async function kept(documents: PersistedDocuments, keys: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const key of keys) if ((await documents.get(key)) !== undefined) found.push(key);
  return found;
}

test('no more documents are kept than allowed; those used last stay', async () => {
  const documents = new PersistedDocuments({ documents: 2, length: 100 });
  await documents.set('a', '{ a }');
  await documents.set('b', '{ b }');
  expect(await documents.get('a')).toBe('{ a }');
  await documents.set('c', '{ c }');
  expect(await kept(documents, ['a', 'b', 'c'])).toEqual(['a', 'c']);
});

test('no more text is kept than allowed, however few documents it is', async () => {
  const documents = new PersistedDocuments({ documents: 10, length: 10 });
  await documents.set('a', '12345');
  await documents.set('b', '12345');
  await documents.set('b', '1234');
  expect(await kept(documents, ['a', 'b'])).toEqual(['a', 'b']);
  await documents.set('c', '123456');
  expect(await kept(documents, ['a', 'b', 'c'])).toEqual(['b', 'c']);
  await documents.set('d', '12345678901');
  expect(await kept(documents, ['a', 'b', 'c', 'd'])).toEqual([]);
});

test('what is deleted leaves its room', async () => {
  const documents = new PersistedDocuments({ documents: 10, length: 5 });
  await documents.set('a', '12345');
  expect(await documents.delete('a')).toBe(true);
  expect(await documents.delete('a')).toBe(false);
  await documents.set('b', '12345');
  expect(await kept(documents, ['a', 'b'])).toEqual(['b']);
});
