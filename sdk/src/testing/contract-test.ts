/** One test of a contract, for any test runner: `for (const { name, run } of testStorage(make)) it(name, run)`. */
export interface ContractTest {
  /** Begins with the number of the obligation. */
  readonly name: string;
  /** Rejects with an error that says what was met and what was expected. */
  readonly run: () => Promise<void>;
}

/** Throws unless two plain values are alike; numbers are compared with `Object.is`. */
export function assertEqual(met: unknown, expected: unknown, what: string): void {
  if (!alike(met, expected)) throw new Error(`${what}: met ${show(met)}, expected ${show(expected)}`);
}

export function assertTrue(claim: boolean, what: string): void {
  if (!claim) throw new Error(`expected that ${what}`);
}

/** Runs something that must throw or reject with an error of a class, and returns the error. */
export async function assertFails<E>(
  run: () => unknown,
  type: abstract new (...args: never[]) => E,
  what: string,
): Promise<E> {
  const error = await outcomeOf(run);
  if (error instanceof type) return error;
  throw new Error(`${what}: met ${error === NOTHING ? 'no error' : show(error)}, expected ${type.name}`, {
    cause: error,
  });
}

/** Runs something that must reject with exactly this reason. */
export async function assertFailsWith(run: () => unknown, reason: unknown, what: string): Promise<void> {
  const error = await outcomeOf(run);
  if (error !== reason) throw new Error(`${what}: met ${show(error)}, expected the signal's reason`, { cause: error });
}

const NOTHING = Symbol('no error');

async function outcomeOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return NOTHING;
  } catch (error) {
    return error;
  }
}

function alike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && alike((a as Keyed)[key], (b as Keyed)[key]));
}

type Keyed = Readonly<Record<string, unknown>>;

function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'number' ? showNumber(part) : part));
  return text === undefined ? String(value) : text.slice(0, 500);
}

function showNumber(value: number): number | string {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value);
}
