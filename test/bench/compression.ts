// `npm run bench -- compression`: bytes a sample on disk, for kinds of data and intervals between samples, as a table.
// Every sample is read back and compared, bit for bit.
import { dataKinds, intervals } from './compression-data.js';
import type { DataKind, Interval } from './compression-data.js';
import { gorillaBytes } from './gorilla.js';
import { seededRandom } from './random.js';
import { storedBytes } from './stored-bytes.js';
import type { Data } from './stored-bytes.js';

const SERIES = 140;
const SAMPLES = 480;
/** 2026-01-01 00:00 UTC and one millisecond: the first time of a block's range. */
const START = Date.UTC(2026, 0, 1) + 1;

const samples = SERIES * SAMPLES;
console.log(`Bytes a sample of ${SERIES} series × ${SAMPLES} samples, one scrape of all of them at a time.\n`);
console.log(`| | ${intervals.map(({ name }) => `Gorilla, ${name}`).join(' | ')} | ${intervals.map(({ name }) => `stored, ${name}`).join(' | ')} |`);
console.log(`| --- |${' ---: |'.repeat(intervals.length * 2)}`);
for (const kind of dataKinds) {
  const sets = intervals.map((interval) => makeData(kind, interval));
  const gorilla = sets.map(({ times, values }) => values.reduce((sum, column) => sum + gorillaBytes(times, column), 0));
  const stored: number[] = [];
  for (const set of sets) stored.push(await storedBytes(set));
  console.log(`| ${kind.name} | ${[...gorilla, ...stored].map((bytes) => (bytes / samples).toFixed(2)).join(' | ')} |`);
  const worst = Math.max(...stored) / samples;
  if (worst >= 2 && kind.isNoise !== true) throw new Error(`${kind.name}: ${worst.toFixed(2)} bytes a sample, expected less than 2`);
}

function makeData(kind: DataKind, interval: Interval): Data {
  const random = seededRandom(dataKinds.indexOf(kind) * 10 + intervals.indexOf(interval));
  const times = new Float64Array(SAMPLES);
  for (let step = 0, at = START; step < SAMPLES; at += interval.next(random), step++) times[step] = at;
  const values = Array.from({ length: SERIES }, (_, index) => Float64Array.from(times, makeValue(kind.series(random, index))));
  return { times, values };
}

function makeValue(next: (step: number) => number): (time: number, step: number) => number {
  return (_, step) => next(step);
}
