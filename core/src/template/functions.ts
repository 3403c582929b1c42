import { isList, typeName } from './value.js';
import type { TemplateFunction, Value } from './value.js';

/** A function that templates may call, and how many arguments it takes. */
export interface FunctionEntry {
  readonly min: number;
  readonly max: number;
  readonly call: TemplateFunction;
}

/** Functions by name. Made of objects without a prototype or asked by `Object.hasOwn`: a template can't reach anything else. */
export type FunctionTable = Readonly<Record<string, FunctionEntry>>;

export function takes(min: number, max: number, call: TemplateFunction): FunctionEntry {
  return { min, max, call };
}

/** A text as an argument. Throws for anything else. */
export function textOf(value: Value): string {
  if (typeof value !== 'string') throw new Error(`wrong type of value; expected string; got ${typeName(value)}`);
  return value;
}

/** A function of texts alone. */
export function ofTexts(count: number, call: (...texts: readonly string[]) => Value): FunctionEntry {
  return takes(count, count, (...args) => call(...args.map(textOf)));
}

export function listOf(value: Value): readonly Value[] {
  if (!isList(value)) throw new Error(`wrong type of value; expected a list; got ${typeName(value)}`);
  return value;
}
