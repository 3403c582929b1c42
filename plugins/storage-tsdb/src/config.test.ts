import { describe, expect, it } from 'vitest';
import { tsdbConfig } from './config.js';

function parsed(section: unknown): unknown {
  const result = tsdbConfig.safeParse(section);
  return result.success ? result.data : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the configuration', () => {
  it('has the defaults of the documentation', () => {
    expect(parsed({})).toEqual({
      retention: 15 * 86_400_000, outOfOrderWindow: 600_000, retentionSize: undefined, rollups: [{ resolution: 300_000, retention: 365 * 86_400_000 }],
    });
  });

  it.each([
    ['100y', 100 * 365 * 86_400_000],
    ['2h', 7_200_000],
    ['1d12h', 129_600_000],
  ])('reads a retention of %s', (retention, milliseconds) => {
    expect(parsed({ retention })).toMatchObject({ retention: milliseconds });
  });

  it('reads rollups, and the kind that it was named by', () => {
    expect(parsed({ backend: 'tsdb', out_of_order_window: '0', rollups: [{ resolution: '5m', retention: '1y' }] })).toMatchObject({
      outOfOrderWindow: 0,
      rollups: [{ resolution: 300_000, retention: 365 * 86_400_000 }],
    });
  });

  it.each([
    ['512MB', 512 * 2 ** 20],
    ['20GiB', 20 * 2 ** 30],
    ['0', undefined],
    [0, undefined],
  ])('reads a size of %s', (retention_size, retentionSize) => {
    expect(parsed({ retention_size })).toHaveProperty('retentionSize', retentionSize);
  });

  it.each([
    [{ retention_size: 'much' }, 'retention_size: "much" is not a size, expected one like "512MB"'],
    [{ retention: '15 days' }, 'retention: "15 days" is not a duration'],
    [{ retention: '0' }, 'retention: expected a duration above 0'],
    [{ retention: 15 }, 'retention: '],
    [{ retentoin: '15d' }, ': Unrecognized key: "retentoin"'],
    [{ rollups: [{ resolution: '5m', retention: '1y', size: 1 }] }, 'rollups.0: Unrecognized key: "size"'],
  ])('refuses %j', (section, message) => {
    expect(parsed(section)).toEqual([expect.stringContaining(message)]);
  });
});
