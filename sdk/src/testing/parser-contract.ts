import type { EntrySink, ExpositionParser, ParserInput } from '../contract/parser.js';
import { ParseError } from '../errors.js';
import { assertEqual, assertTrue, type ContractTest } from './contract-test.js';
import { Random } from './random.js';
import { parseLabelSet } from './series-notation.js';

/** A body and what is in it. */
export interface ParserExample {
  readonly contentType: string;
  readonly body: Uint8Array | string;
  /** In the body's order; labels in the series notation, `up{job="x"}`; without `at` where the body gives no time. */
  readonly samples: readonly { readonly labels: string; readonly value: number; readonly at?: number }[];
}

export interface ParserExamples {
  readonly good: readonly ParserExample[];
  /** Bodies that can't be read. */
  readonly bad: readonly Omit<ParserExample, 'samples'>[];
}

/** The tests of `contract/parser.ts`. */
export function testParser(parser: ExpositionParser, { good, bad }: ParserExamples): ContractTest[] {
  const forEach = (run: (example: ParserExample) => void) => (): Promise<void> => {
    assertTrue(good.length > 0, 'there is a good example');
    return Promise.resolve(good.forEach(run));
  };
  return [
    { name: '1. samples come in the body\'s order', run: forEach((example) => samples(parser, example)) },
    { name: '1. the same series has the same key in every body', run: forEach((example) => keys(parser, example)) },
    { name: '2. what can\'t be read is a ParseError that says where', run: () => refusals(parser, bad) },
    ...[1, 2, 3].map((seed) => ({
      name: `2. a damaged body is read or is a ParseError, seed ${seed}`,
      run: forEach((example) => damage(parser, example, new Random(seed))),
    })),
    { name: '3. the labels of a key are the series\' own', run: forEach((example) => labels(parser, example)) },
    { name: '4. nothing of the body is kept', run: forEach((example) => forgets(parser, example)) },
  ];
}

interface Entry {
  readonly key: Uint8Array;
  readonly value: number;
  readonly at: number;
}

function parse(parser: ExpositionParser, input: ParserInput): readonly Entry[] {
  const entries: Entry[] = [];
  const sink: EntrySink = {
    sample: (key, start, end, value, at) => entries.push({ key: key.slice(start, end), value, at }),
    exemplar: (_value, _at, labelsOf) => void labelsOf(),
    metadata: () => undefined,
    delta: () => undefined,
  };
  parser.parse(input, sink);
  return entries;
}

function inputOf({ body, contentType }: Omit<ParserExample, 'samples'>): ParserInput {
  return { contentType, body: typeof body === 'string' ? new TextEncoder().encode(body) : body.slice() };
}

function samples(parser: ExpositionParser, example: ParserExample): void {
  const met = parse(parser, inputOf(example)).map(({ value, at }) => ({ value, at }));
  assertEqual(met, example.samples.map(({ value, at = NaN }) => ({ value, at })), 'samples');
}

function keys(parser: ExpositionParser, example: ParserExample): void {
  const texts = parse(parser, inputOf(example)).map(({ key }) => key.join());
  const labelTexts = example.samples.map(({ labels: text }) => parseLabelSet(text).key);
  assertEqual(new Set(texts).size, new Set(labelTexts).size, 'number of different keys');
  assertEqual(parse(parser, inputOf(example)).map(({ key }) => key.join()), texts, 'keys of a second body');
}

function labels(parser: ExpositionParser, example: ParserExample): void {
  const met = parse(parser, inputOf(example)).map(({ key }) => parser.labels(key, 0, key.length).toString());
  assertEqual(met, example.samples.map(({ labels: text }) => parseLabelSet(text).toString()), 'labels');
  const [first] = parse(parser, inputOf(example));
  if (first === undefined) return;
  const framed = Uint8Array.of(1, 2, ...first.key, 3);
  assertEqual(parser.labels(framed, 2, framed.length - 1).toString(), met[0], 'labels of a key inside a buffer');
}

function forgets(parser: ExpositionParser, example: ParserExample): void {
  const input = inputOf(example);
  const entries = parse(parser, input);
  input.body.fill(0xff);
  const met = entries.map(({ key }) => parser.labels(key, 0, key.length).toString());
  assertEqual(met, example.samples.map(({ labels: text }) => parseLabelSet(text).toString()), 'labels after the body is gone');
}

async function refusals(parser: ExpositionParser, bad: ParserExamples['bad']): Promise<void> {
  for (const example of bad) {
    const error = errorOf(parser, inputOf(example));
    const shown = JSON.stringify(example.body).slice(0, 100);
    if (error === undefined) throw new Error(`${shown}: met no error, expected a ParseError`);
    assertTrue(error.position !== undefined || error.offset !== undefined, `the error says where: ${shown}: ${error.message}`);
  }
}

function damage(parser: ExpositionParser, example: ParserExample, dice: Random): void {
  const { body, contentType } = inputOf(example);
  for (let i = 0; i < 300; i++) {
    const damaged = dice.chance(0.3) ? body.slice(0, dice.below(body.length + 1)) : body.slice();
    for (let k = dice.below(4); k > 0; k--) if (damaged.length > 0) damaged[dice.below(damaged.length)] = dice.below(256);
    errorOf(parser, { contentType, body: damaged });
  }
}

function errorOf(parser: ExpositionParser, input: ParserInput): ParseError | undefined {
  try {
    for (const { key } of parse(parser, input)) parser.labels(key, 0, key.length);
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw new Error('a body that can\'t be read: met another error, expected a ParseError', { cause: error });
  }
}
