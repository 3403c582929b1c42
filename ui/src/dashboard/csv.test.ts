import { expect, it } from 'vitest';
import { csvOf } from './csv.js';

it('writes every digit, leaves gaps empty, and quotes what must be', () => {
  const series = [
    { key: 'a', labels: {}, name: 'a,"b"', values: [0.1 + 0.2, undefined] },
    { key: 'b', labels: {}, name: '=1+1', values: [-1, NaN] },
  ];
  expect(csvOf({ times: [0, 1000], series })).toBe(
    ['time,"a,""b""",\'=1+1', '1970-01-01T00:00:00.000Z,0.30000000000000004,-1', '1970-01-01T00:00:01.000Z,,NaN'].join('\r\n'),
  );
});
