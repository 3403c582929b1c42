import { describe, expect, it } from 'vitest';
import { KnownTexts } from './known-texts.js';

describe('texts that are known', () => {
  it('are the latest that were used', () => {
    const known = new KnownTexts<number>();
    for (let i = 0; i < 512; i++) known.keep(`text ${i}`, i);
    expect(known.get('text 0')).toBe(0);
    known.keep('one more', 512);
    expect(known.get('text 0')).toBe(0);
    expect(known.get('text 1')).toBeUndefined();
    expect(known.get('text 2')).toBe(2);
    expect(known.get('one more')).toBe(512);
  });

  it('are short', () => {
    const known = new KnownTexts<string>();
    known.keep('x'.repeat(2000), 'short');
    known.keep('x'.repeat(2001), 'long');
    expect(known.get('x'.repeat(2000))).toBe('short');
    expect(known.get('x'.repeat(2001))).toBeUndefined();
  });
});
