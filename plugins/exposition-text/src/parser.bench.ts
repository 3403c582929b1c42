import { bench, describe } from 'vitest';
import { textParser } from './parser.js';

// The number worth keeping: nanoseconds a sample, a 1000th of the time of one round.
const SAMPLES = 1000;

const body = new TextEncoder().encode(
  Array.from(
    { length: SAMPLES },
    (_, i) => `node_network_receive_bytes_total{device="eth${i}",direction="in",host="server-${i % 50}.example.org"} ${i * 1234.5}`,
  ).join('\n'),
);

describe('a text exposition of 1000 samples', () => {
  let sum = 0;
  bench('is read', () => {
    textParser.parse(
      { body, contentType: 'text/plain; version=0.0.4' },
      { sample: (_key, _start, _end, value) => void (sum += value), exemplar: () => {}, metadata: () => {}, delta: () => {} },
    );
    if (sum < 0) throw new Error('the sum of positive numbers is negative');
  });
});
