import { QueryError, parseDuration } from '@metrics-dashboard/sdk';
import type { Duration, Timestamp } from '@metrics-dashboard/sdk';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A query of a megabyte, each of its characters escaped. Longer ones are read no further; what is too long a query is said with its place. */
const FORM_BYTES = 4 * 1024 * 1024;

/** Forms are read as text and taken apart by `parametersOf`. */
export function acceptForms(fastify: FastifyInstance): void {
  const bodyLimit = FORM_BYTES;
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit }, (_request, body, done) => done(null, body));
}

/** The parameters of a request of the Prometheus HTTP API: those of a form stand before those of the address. */
export function parametersOf(request: FastifyRequest): Parameters {
  const inForm = typeof request.body === 'string' ? pairsOf(request.body) : [];
  const question = request.raw.url?.indexOf('?') ?? -1;
  const inAddress = question < 0 ? [] : pairsOf(request.raw.url?.slice(question + 1) ?? '');
  return new Parameters([...inForm, ...inAddress]);
}

/** A name and its value. */
type Pair = readonly [name: string, value: string];

/** The names and values of a form. The library's own way is ten times slower where much is escaped, and forms may be long. */
function pairsOf(form: string): Pair[] {
  return form
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const sign = pair.indexOf('=');
      return sign < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, sign)), decoded(pair.slice(sign + 1))];
    });
}

function decoded(text: string): string {
  // Most are numbers and names.
  if (!text.includes('%')) return text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // What is not UTF-8 gets the character for that.
    return new URLSearchParams(`text=${text}`).get('text') ?? '';
  }
}

/** Reads values as Prometheus does. What can't be read is a `QueryError` that names the parameter. */
export class Parameters {
  readonly #pairs: readonly Pair[];

  constructor(pairs: readonly Pair[]) {
    this.#pairs = pairs;
  }

  /** The first value of that name. */
  text(name: string): string | undefined {
    return this.#pairs.find((pair) => pair[0] === name)?.[1];
  }

  texts(name: string): readonly string[] {
    return this.#pairs.filter((pair) => pair[0] === name).map((pair) => pair[1]);
  }

  required(name: string): string {
    return this.text(name) ?? wrong(name, 'missing');
  }

  /** Unix seconds with fractions, or RFC 3339. */
  time(name: string): Timestamp | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    const at = timeOf(text);
    return Number.isFinite(at) ? at : wrong(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
  }

  requiredTime(name: string): Timestamp {
    return this.time(name) ?? wrong(name, 'cannot parse "" to a valid timestamp');
  }

  /** Seconds with fractions, or the form `5m`. */
  duration(name: string): Duration | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    return durationOf(text) ?? wrong(name, `cannot parse ${JSON.stringify(text)} to a valid duration`);
  }

  requiredDuration(name: string): Duration {
    return this.duration(name) ?? wrong(name, 'cannot parse "" to a valid duration');
  }

  /** undefined and 0: no limit. */
  limit(name = 'limit'): number | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    if (!/^\d{1,9}$/.test(text)) wrong(name, `cannot parse ${JSON.stringify(text)} to a number that is not negative`);
    return Number(text) === 0 ? undefined : Number(text);
  }
}

/** What is said of a parameter that can't be taken. */
export function invalid(name: string, message: string): QueryError {
  return new QueryError(`invalid parameter ${JSON.stringify(name)}: ${message}`);
}

function wrong(name: string, message: string): never {
  throw invalid(name, message);
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** What a date can hold; times beyond it stand for its ends. */
const MOST = 8.64e15;
/** How the reference's clients write that they mean all of time. */
const ENDS: ReadonlyMap<string, number> = new Map([
  ['-292273086-05-16T16:47:06Z', -MOST],
  ['292277025-08-18T07:12:54.999999999Z', MOST],
]);

function timeOf(text: string): number {
  const end = ENDS.get(text);
  if (end !== undefined) return end;
  if (NUMBER.test(text)) return Math.min(MOST, Math.max(-MOST, Math.round(Number(text) * 1000)));
  return RFC3339.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
}

function durationOf(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text) * 1000;
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}
