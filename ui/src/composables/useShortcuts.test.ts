import { mount } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import type { Shortcut } from './useShortcuts.js';
import { useShortcutList, useShortcuts } from './useShortcuts.js';

const ran: string[] = [];
const shortcut = (keys: string, says = keys): Shortcut => ({ keys, text: `Does ${says}`, group: 'Test', run: () => void ran.push(says) });
const page = (...shortcuts: Shortcut[]) =>
  mount(defineComponent({ setup: () => (useShortcuts(shortcuts), { list: useShortcutList() }), render: () => h('input', { id: 'field' }) }), { attachTo: document.body });

function press(key: string, target: EventTarget = document.body, choices: KeyboardEventInit = {}): boolean {
  return !target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...choices }));
}

afterEach(() => {
  ran.length = 0;
});

describe('keyboard shortcuts', () => {
  it('run by one key, or by keys that follow each other', () => {
    const mounted = page(shortcut('r'), shortcut('g h'));
    expect(['r', 'g', 'h', 'x'].map((key) => press(key))).toEqual([true, false, true, false]);
    expect(ran).toEqual(['r', 'g h']);
    mounted.unmount();
  });

  it('leave keys alone that are being written, or that belong to the browser', () => {
    const mounted = page(shortcut('r'));
    press('r', mounted.find('input').element);
    press('r', document.body, { ctrlKey: true });
    expect(ran).toEqual([]);
    mounted.unmount();
  });

  it('end with their component, and the later of two wins', () => {
    const first = page(shortcut('r', 'first'));
    const second = page(shortcut('r', 'second'));
    press('r');
    expect(second.vm.list.map(({ text }) => text)).toEqual(['Does second']);
    second.unmount();
    press('r');
    first.unmount();
    press('r');
    expect(ran).toEqual(['second', 'first']);
  });
});
