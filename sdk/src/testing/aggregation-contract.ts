import type { Accumulator, AggregationFunction, MergeableAccumulator, StepBatch } from '../contract/aggregation.js';
import { assertEqual, assertTrue, type ContractTest } from './contract-test.js';
import { Random } from './random.js';
import { START } from './storage-bench.js';

export interface AggregationTestOptions {
  /** The values of the parameter to try, where the function has one. */
  readonly parameters?: readonly number[];
}

/** The tests of `contract/aggregation.ts`. */
export function testAggregation(fn: AggregationFunction, options: AggregationTestOptions = {}): ContractTest[] {
  const parameters = fn.parameter === undefined ? [undefined] : (options.parameters ?? [0, 0.5, 1]);
  const seeds = [1, 2, 3];
  const forEach = (run: (bench: Bench) => void) => (): Promise<void> => {
    for (const parameter of parameters) for (const seed of seeds) run({ fn, parameter, dice: new Random(seed) });
    return Promise.resolve();
  };
  return [
    { name: `${fn.name}: the name is one the language can write`, run: () => Promise.resolve(named(fn)) },
    { name: `1. ${fn.name}: over gives what an accumulator gives`, run: forEach(over) },
    { name: `1. ${fn.name}: across gives what an accumulator gives`, run: forEach(across) },
    { name: `1. ${fn.name}: columns give what an accumulator gives`, run: forEach(columns) },
    { name: `2. ${fn.name}: reset forgets what was added`, run: forEach(reset) },
    { name: `3. ${fn.name}: without a sample there is no result`, run: forEach(empty) },
    { name: `4. ${fn.name}: parts that are saved and merged give the whole`, run: forEach(merge) },
  ];
}

interface Bench {
  readonly fn: AggregationFunction;
  readonly parameter: number | undefined;
  readonly dice: Random;
}

const ODD = [NaN, Infinity, -Infinity, 0, -0, 1e300, -1e300, 1e-300];

function values(dice: Random, count: number, oddShare: number): Float64Array {
  return Float64Array.from({ length: count }, () => (dice.chance(oddShare) ? dice.pick(ODD) : dice.below(2000) / 8 - 100));
}

function fold(accumulator: Accumulator, column: Iterable<number>): number | undefined {
  let at = START;
  for (const value of column) accumulator.add(value, at++);
  return accumulator.result();
}

/** Equal up to rounding in the last digits; NaN equals NaN. */
function assertClose(met: number | undefined, expected: number | undefined, what: string): void {
  const close =
    met !== undefined && expected !== undefined && Math.abs(met - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
  if (!close && !(met === 0 && expected === 0)) assertEqual(met, expected, what);
}

function named({ name }: AggregationFunction): void {
  assertTrue(/^[a-z][a-z0-9_]*$/.test(name), `the name ${JSON.stringify(name)} is of the form [a-z][a-z0-9_]*`);
}

function over({ fn, parameter, dice }: Bench): void {
  if (fn.over === undefined) return;
  for (let round = 0; round < 60; round++) {
    const column = values(dice, 1 + dice.below(40), round % 3 === 0 ? 0.2 : 0);
    const from = dice.below(column.length);
    const to = from + 1 + dice.below(column.length - from);
    const expected = fold(fn.create(parameter), column.subarray(from, to));
    assertClose(fn.over(column, from, to, parameter), expected, `over [${column.subarray(from, to).join(', ')}]`);
  }
}

function across({ fn, parameter, dice }: Bench): void {
  if (fn.across === undefined) return;
  for (let round = 0; round < 30; round++) {
    const { input, groups, output } = grouped(dice, round % 3 === 0 ? 0.2 : 0);
    fn.across(input, groups, output, parameter);
    checkCells({ fn, parameter, dice }, input, groups, output);
  }
}

function columns({ fn, parameter, dice }: Bench): void {
  if (fn.columns === undefined) return;
  for (let round = 0; round < 30; round++) {
    const { input, groups, output } = grouped(dice, round % 3 === 0 ? 0.2 : 0);
    const gathered = fn.columns(output.width, input.steps);
    const series = batch(input.steps, 1);
    for (let i = 0; i < input.width; i++) {
      for (let step = 0; step < input.steps; step++) {
        series.values[step] = input.values[step * input.width + i] as number;
        series.present[step] = input.present[step * input.width + i] as number;
      }
      gathered.add(groups[i] as number, series);
    }
    gathered.finish(output);
    checkCells({ fn, parameter, dice }, input, groups, output);
  }
}

interface Grouped {
  readonly input: StepBatch;
  readonly groups: Uint32Array;
  readonly output: StepBatch;
}

/** A batch with gaps, a group for each of its columns, and room for the result. */
function grouped(dice: Random, oddShare: number): Grouped {
  const steps = 1 + dice.below(6);
  const width = 1 + dice.below(8);
  const groupCount = 1 + dice.below(width);
  const input = batch(steps, width);
  input.values.set(values(dice, steps * width, oddShare));
  for (let i = 0; i < steps * width; i++) input.present[i] = dice.chance(0.8) ? 1 : 0;
  const groups = Uint32Array.from({ length: width }, (_, i) => (i < groupCount ? i : dice.below(groupCount)));
  return { input, groups, output: batch(steps, groupCount) };
}

function checkCells(bench: Bench, input: StepBatch, groups: Uint32Array, output: StepBatch): void {
  for (let step = 0; step < input.steps; step++) {
    for (let group = 0; group < output.width; group++) checkCell(bench, input, groups, output, step, group);
  }
}

function checkCell(
  { fn, parameter }: Bench,
  input: StepBatch,
  groups: Uint32Array,
  output: StepBatch,
  step: number,
  group: number,
): void {
  const accumulator = fn.create(parameter);
  for (let i = 0; i < input.width; i++) {
    const cell = step * input.width + i;
    if (groups[i] === group && input.present[cell] === 1) accumulator.add(input.values[cell] as number, input.times[step] as number);
  }
  const at = step * output.width + group;
  const met = output.present[at] === 1 ? output.values[at] : undefined;
  assertClose(met, accumulator.result(), `step ${step}, group ${group}`);
}

function batch(steps: number, width: number): StepBatch {
  return {
    times: Float64Array.from({ length: steps }, (_, step) => START + step * 1000),
    width,
    values: new Float64Array(steps * width),
    present: new Uint8Array(steps * width),
    steps,
  };
}

function reset({ fn, parameter, dice }: Bench): void {
  const used = fn.create(parameter);
  for (let round = 0; round < 20; round++) {
    const column = values(dice, 1 + dice.below(20), round % 3 === 0 ? 0.2 : 0);
    used.reset();
    assertEqual(fold(used, column), fold(fn.create(parameter), column), `result of [${column.join(', ')}] after a reset`);
  }
}

function empty({ fn, parameter, dice }: Bench): void {
  const accumulator = fn.create(parameter);
  assertEqual(accumulator.result(), undefined, 'result of a new accumulator');
  fold(accumulator, values(dice, 5, 0));
  accumulator.reset();
  assertEqual(accumulator.result(), undefined, 'result after a reset');
}

function merge({ fn, parameter, dice }: Bench): void {
  for (let round = 0; round < 20; round++) {
    const column = values(dice, 2 + dice.below(30), 0);
    const cut = dice.below(column.length + 1);
    const [first, second] = [fn.create(parameter), fn.create(parameter)];
    if (!isMergeable(first) || !isMergeable(second)) return;
    fold(first, column.subarray(0, cut));
    fold(second, column.subarray(cut));
    first.merge(second.save());
    assertClose(first.result(), fold(fn.create(parameter), column), `[${column.join(', ')}], merged at ${cut}`);
  }
}

function isMergeable(accumulator: Accumulator): accumulator is MergeableAccumulator {
  return 'merge' in accumulator && 'save' in accumulator;
}
