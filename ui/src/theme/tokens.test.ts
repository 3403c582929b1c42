// @vitest-environment node
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { darkPalette, lightPalette } from '../charts/palette.js';

const text = await readFile(new URL('tokens.css', import.meta.url), 'utf8');
const grounds = ['--ground', '--panel', '--raised', '--hover'];
const inks = ['--text', '--text-muted', '--accent', '--danger', '--warn', '--good', '--code-keyword', '--code-function', '--code-label', '--code-string', '--code-number'];
const pairs = [
  ...grounds.flatMap((ground) => inks.map((ink) => [ink, ground] as const)),
  ['--good', '--good-ground'], ['--warn', '--warn-ground'], ['--danger', '--danger-ground'], ['--text', '--danger-ground'], ['--on-accent', '--accent-strong'],
  ['--text', '--chip'], ['--text-muted', '--chip'],
  ...['green', 'yellow', 'orange', 'red', 'blue', 'purple', 'grey'].map((name) => [`--colour-${name}`, '--panel'] as const),
] as const;

function tokensOf(theme: string): ReadonlyMap<string, string> {
  const block = text.slice(text.indexOf(`[data-theme='${theme}']`)).split('}')[0] ?? '';
  return new Map([...block.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]));
}

/** Relative luminance by WCAG 2.1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((i) => {
    const share = parseInt(colour.slice(i, i + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe.each(['dark', 'light'])('the %s theme', (theme) => {
  const tokens = tokensOf(theme);

  it('has text that can be read on whatever it stands on', () => {
    const weak = pairs
      .map(([ink, ground]) => ({ pair: `${ink} on ${ground}`, ratio: contrast(tokens.get(ink) ?? '', tokens.get(ground) ?? '') }))
      .filter(({ ratio }) => !(ratio >= 4.5));
    expect(weak).toEqual([]);
  });

  it('has lines that can be seen on a panel', () => {
    const palette = theme === 'dark' ? darkPalette : lightPalette;
    expect(palette.filter((colour) => contrast(colour, tokens.get('--panel') ?? '') < 3)).toEqual([]);
  });
});
