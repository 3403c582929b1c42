import { seededRandom } from './random.js';
import type { Random } from './random.js';

/** Samples of one series are made step by step: the value after the one before. */
type NextValue = (step: number) => number;

/** A kind of data as it is met in practice: for each of its series, what its values are. */
export interface DataKind {
  readonly name: string;
  /** Most values have 50 random bits or more: nothing but the bits themselves can be kept. */
  readonly isNoise?: boolean;
  series(random: Random, index: number): NextValue;
}

/** The steps between samples, in milliseconds. */
export interface Interval {
  readonly name: string;
  next(random: Random): number;
}

const STEP = 15_000;

export const intervals: readonly Interval[] = [
  { name: 'regular', next: () => STEP },
  { name: 'jittered', next: (random) => STEP + Math.floor(random() * 41) - 20 },
  { name: 'irregular', next: (random) => 1000 + Math.floor(random() * 28_000) },
];

export const dataKinds: readonly DataKind[] = [
  { name: 'constant', series: (random) => constant(Math.floor(random() * 1e6)) },
  { name: 'counter, rarely counts', series: (random) => counter(() => (random() < 0.03 ? 1 : 0)) },
  { name: 'counter, whole steps up to 100', series: (random) => counter(() => Math.floor(random() * 101)) },
  { name: 'counter of seconds, hundredths', series: (random) => counter(() => Math.floor(random() * 1500), 100) },
  { name: 'counter of bytes, whole pages', series: (random) => counter(() => Math.floor(random() * 200) * 4096) },
  { name: 'gauge, small whole numbers', series: (random) => walk(random, 50, 3, 1) },
  { name: 'gauge of bytes, whole pages', series: (random) => pages(walk(random, 100_000, 60, 1)) },
  { name: 'gauge, hundredths', series: (random) => walk(random, 5000, 40, 100) },
  { name: 'gauge of percent, tenths', series: (random) => walk(random, 400, 12, 10) },
  { name: 'histogram: 12 buckets, sum, count', series: (random, index) => histogram(random, index) },
  { name: 'random with two decimals below 100', series: (random) => () => Math.floor(random() * 10_000) / 100 },
  { name: 'random doubles, full mantissa', isNoise: true, series: (random) => random },
];

function constant(value: number): NextValue {
  return () => value;
}

function counter(step: () => number, scale = 1): NextValue {
  let count = step() * 1000;
  return () => (count += step()) / scale;
}

/** A random walk of whole numbers over `scale`, which does not go below 0. */
function walk(random: Random, start: number, step: number, scale: number): NextValue {
  let at = start;
  return () => {
    at = Math.max(0, at + Math.round((random() * 2 - 1) * step));
    return at / scale;
  };
}

function pages(next: NextValue): NextValue {
  return (step) => next(step) * 4096;
}

/** The series of histograms, 14 of one after another: cumulative buckets of one stream of observations, their sum, their count. */
function histogram(random: Random, index: number): NextValue {
  const part = index % 14;
  // Every series of one histogram sees the same observations.
  const observations = seededRandom(1000 + Math.floor(index / 14));
  let total = Math.floor(random() * 1e5);
  return () => {
    const requests = Math.floor(observations() * 40);
    for (let i = 0; i < requests; i++) {
      const seconds = Math.round(observations() ** 4 * 10_000) / 1000;
      if (part === 13) total += 1;
      else if (part === 12) total = Math.round(total * 1000 + seconds * 1000) / 1000;
      else if (seconds <= 0.005 * 2 ** part) total += 1;
    }
    return total;
  };
}
