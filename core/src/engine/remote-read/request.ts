import { ParseError, matcher } from '@metrics-dashboard/sdk';
import type { MatchOperator, Matcher } from '@metrics-dashboard/sdk';
import type { RawQuery } from '../../query/raw-series.js';
import { WireReader } from './wire.js';

/** How a client wants samples: all in one message, or as a stream of messages with chunks. */
export type ReadForm = 'samples' | 'chunks';

export interface ReadRequest {
  readonly queries: readonly RawQuery[];
  readonly form: ReadForm;
}

const OPERATORS: readonly MatchOperator[] = ['=', '!=', '=~', '!~'];
const FORMS: readonly ReadForm[] = ['samples', 'chunks'];

/**
 * Reads the body of a remote read.
 *
 *     ReadRequest   1 queries, 2 accepted response types (0 samples, 1 chunks), the preferred first
 *     Query         1 start, 2 end, in milliseconds; 3 matchers; 4 hints, which are not needed
 *     LabelMatcher  1 type, 2 name, 3 value
 *
 * Source: https://github.com/prometheus/prometheus/blob/main/prompb/remote.proto. Throws a `ParseError`.
 */
export function readRequestOf(body: Uint8Array): ReadRequest {
  const reader = new WireReader(body);
  const queries: RawQuery[] = [];
  const accepted: number[] = [];
  while (reader.next()) {
    if (reader.field === 1) queries.push(queryOf(reader.message()));
    else if (reader.field === 2) accepted.push(...reader.varints().map(Number));
    else reader.skip();
  }
  return { queries, form: formOf(accepted) };
}

/** Who names no form is older than the choice. */
function formOf(accepted: readonly number[]): ReadForm {
  if (accepted.length === 0) return 'samples';
  for (const one of accepted) {
    const form = FORMS[one];
    if (form !== undefined) return form;
  }
  throw new ParseError(`server does not support any of the requested response types: ${accepted.join(', ')}; supported: samples, streamed XOR chunks`);
}

function queryOf(reader: WireReader): RawQuery {
  const matchers: Matcher[] = [];
  let start = 0;
  let end = 0;
  while (reader.next()) {
    if (reader.field === 1) start = signed(reader.varint());
    else if (reader.field === 2) end = signed(reader.varint());
    else if (reader.field === 3) matchers.push(matcherOf(reader.message()));
    else reader.skip();
  }
  return { matchers, range: { start, end } };
}

function matcherOf(reader: WireReader): Matcher {
  let type = 0;
  let name = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === 1) type = Number(reader.varint());
    else if (reader.field === 2) name = reader.text();
    else if (reader.field === 3) value = reader.text();
    else reader.skip();
  }
  const operator = OPERATORS[type];
  if (operator === undefined) throw new ParseError(`invalid matcher type ${type}`);
  return matcher(name, operator, value);
}

/** A date holds no more than this. */
const MOST = 8_640_000_000_000_000n;

function signed(value: bigint): number {
  const at = BigInt.asIntN(64, value);
  return Number(at > MOST ? MOST : at < -MOST ? -MOST : at);
}
