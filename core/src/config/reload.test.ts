import { ConfigError } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './document.js';
import { readConfig } from './load.js';
import { applyConfig, isSame, withoutRestart } from './reload.js';
import type { ConfigSection } from './reload.js';

function config(text: string) {
  return readConfig(parseConfig(text, 'my.yml', {}), 'none');
}

function recording(log: string[], name: string, refuses = false): ConfigSection {
  return {
    name,
    prepare: () => {
      log.push(`prepare ${name}`);
      if (refuses) return Promise.reject(new ConfigError('no'));
      return Promise.resolve({ commit: () => void log.push(`commit ${name}`), discard: () => void log.push(`discard ${name}`) });
    },
  };
}

describe('putting a configuration in force', () => {
  it('opens everything first, then commits', async () => {
    const log: string[] = [];
    await applyConfig(config(''), [recording(log, 'a'), recording(log, 'b')]);
    expect(log).toEqual(['prepare a', 'prepare b', 'commit a', 'commit b']);
  });

  it('commits nothing when one section refuses, and discards what was opened', async () => {
    const log: string[] = [];
    const applying = applyConfig(config(''), [recording(log, 'a'), recording(log, 'b', true), recording(log, 'c')]);
    await expect(applying).rejects.toThrow(new ConfigError('no'));
    expect(log).toEqual(['prepare a', 'prepare b', 'discard a']);
  });

  it('leaves the storage and the plugins as they were, and says so', () => {
    const before = config('storage: { retention: 1d }');
    const after = withoutRestart(before, config('\nstorage: { retention: 2d }\nlimits: { query_series: 7 }'));
    expect(after.storage).toBe(before.storage);
    expect(after.limits.querySeries).toBe(7);
    expect(after.warnings).toEqual(['my.yml:2: storage: has changed, and takes effect with the next start']);
  });

  it('takes what has only moved in the file for the same', () => {
    const before = config('storage: { retention: 1d }\nplugins: [{ package: a }]');
    const after = config('# moved\n\nstorage:\n  retention: 1d\nplugins:\n  - package: a');
    expect(isSame(before.storage, after.storage)).toBe(true);
    expect(withoutRestart(before, after).warnings).toEqual([]);
  });
});
