import { expect, it } from 'vitest';
import { createHistory } from './history.js';

it('goes back and forth', () => {
  const { value, change, undo, redo, canUndo, canRedo } = createHistory('a', () => 0);
  change('b', '');
  change('c', '');
  undo();
  expect([value.value, canUndo.value, canRedo.value]).toEqual(['b', true, true]);
  undo();
  undo();
  expect([value.value, canUndo.value]).toEqual(['a', false]);
  redo();
  change('d', '');
  expect([value.value, canRedo.value]).toEqual(['d', false]);
});

it('takes quick changes in one place together', () => {
  let now = 0;
  const { value, change, undo } = createHistory('', () => now);
  change('t', 'title');
  change('ti', 'title');
  now += 2000;
  change('tit', 'title');
  change('x', 'unit');
  undo();
  expect(value.value).toBe('tit');
  undo();
  expect(value.value).toBe('ti');
  undo();
  expect(value.value).toBe('');
});
