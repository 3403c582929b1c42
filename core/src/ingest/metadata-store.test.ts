import { describe, expect, it } from 'vitest';
import { MetadataStore } from './metadata-store.js';

describe('the metadata of metrics', () => {
  it('puts together what is said of a metric, the last word first', () => {
    const store = new MetadataStore();
    store.set('b', 'type', 'counter');
    store.set('b', 'help', 'Old.');
    store.set('b', 'help', 'New.');
    store.set('a', 'unit', 'seconds');
    store.set('c', 'type', 'surprise');
    expect(store.all()).toEqual([
      ['a', { type: 'unknown', help: '', unit: 'seconds' }],
      ['b', { type: 'counter', help: 'New.', unit: '' }],
      ['c', { type: 'unknown', help: '', unit: '' }],
    ]);
    expect(store.get('nope')).toBeUndefined();
  });

  it('knows the bytes it was told to remember', () => {
    const store = new MetadataStore();
    const bytes = new TextEncoder().encode('# HELP a x');
    store.begin();
    expect(store.knows(bytes, 0, 8)).toBe(false);
    store.remember(bytes, 0, 8);
    store.begin();
    expect([store.knows(bytes, 0, 8), store.knows(bytes, 0, 10)]).toEqual([true, false]);
  });

  it('stays bounded: the metric that was spoken of least lately gives way, and a long text is cut', () => {
    const store = new MetadataStore();
    for (let i = 0; i < 100_010; i++) store.set(`m${i}`, 'help', 'x'.repeat(i === 100_009 ? 5000 : 1));
    expect(store.size).toBe(100_000);
    expect(store.get('m9')).toBeUndefined();
    expect(store.get('m100009')?.help).toHaveLength(2000);
  });
});
