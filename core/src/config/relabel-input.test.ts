import { describe, expect, it } from 'vitest';
import { relabelRulesOf } from './relabel-input.js';

describe('rules that somebody tries out', () => {
  it('get the defaults of the configuration', () => {
    expect(relabelRulesOf([{ action: 'drop', sourceLabels: ['path'], regex: '/x', separator: null }])).toEqual([
      { action: 'drop', sourceLabels: ['path'], separator: ';', targetLabel: '', regex: '/x', modulus: 0, replacement: '$1' },
    ]);
  });

  it.each([
    [{ action: 'throw' }, 'relabel[0].action'],
    [{ action: 'hashmod', targetLabel: 'a' }, 'needs a modulus'],
    [{}, 'needs a target_label'],
    [{ action: 'drop', regex: '(' }, 'relabel[0].regex'],
  ])('are refused as the configuration refuses them: %j', (rule, message) => {
    try {
      relabelRulesOf([rule]);
      expect.unreachable();
    } catch (error) {
      const { path, message: text } = error as { path?: string; message: string };
      expect(`${path} ${text}`).toContain(message);
    }
  });
});
