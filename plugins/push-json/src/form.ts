import type { JsonPath } from './json-place.js';

/** A value is not what its place in the body asks for. */
export class FormError extends Error {
  constructor(
    readonly path: JsonPath,
    message: string,
  ) {
    super(message);
  }
}

type Members = Readonly<Record<string, unknown>>;

/** Reads values at a path that moves along, so that an error can say where it is, and no path is made otherwise. */
export class Form {
  readonly #path: (string | number)[] = [];

  /** Reads the value of a member. */
  member<Result>(name: string, read: () => Result): Result {
    this.#path.push(name);
    const result = read();
    this.#path.pop();
    return result;
  }

  each(value: unknown, read: (element: unknown) => void): void {
    if (!Array.isArray(value)) throw this.expected('a list', value);
    for (let i = 0; i < value.length; i++) {
      this.#path.push(i);
      read(value[i]);
      this.#path.pop();
    }
  }

  /** An object with no other members than these. */
  object(value: unknown, known: readonly string[]): Members {
    const members = this.mapping(value);
    for (const name of Object.keys(members)) {
      if (!known.includes(name)) throw this.member(name, () => this.fault(`unknown, expected one of ${known.join(', ')}`));
    }
    return members;
  }

  mapping(value: unknown): Members {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.expected('an object', value);
    return value as Members;
  }

  text(value: unknown): string {
    if (typeof value !== 'string') throw this.expected('a string', value);
    if (/\p{Surrogate}/u.test(value)) throw this.fault('half of a surrogate pair, expected text that can be written in UTF-8');
    return value;
  }

  optionalText(members: Members, name: string): string | undefined {
    const value = members[name];
    return value === undefined ? undefined : this.member(name, () => this.text(value));
  }

  /** A number, or one of those that JSON can't write. */
  float(value: unknown): number {
    if (typeof value === 'number') return value;
    const special = typeof value === 'string' ? SPECIAL.get(value) : undefined;
    if (special === undefined) throw this.expected('a number, "NaN", "+Inf" or "-Inf"', value);
    return special;
  }

  /** How many of something: not below zero, and finite. */
  count(value: unknown): number {
    if (typeof value !== 'number' || value < 0 || !Number.isFinite(value)) throw this.expected('a number of observations, 0 or more', value);
    return value;
  }

  expected(what: string, met: unknown): FormError {
    return this.fault(met === undefined ? `missing, expected ${what}` : `expected ${what}, got ${shown(met)}`);
  }

  fault(message: string): FormError {
    return new FormError([...this.#path], message);
  }
}

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['+Inf', Infinity],
  ['-Inf', -Infinity],
]);

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
