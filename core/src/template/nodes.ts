import type { Value } from './value.js';

/** A part of a template. `at` is its place in the text. */
export type Node =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'action'; readonly pipeline: Pipeline; readonly at: number }
  | { readonly kind: 'if' | 'with' | 'range'; readonly pipeline: Pipeline; readonly body: readonly Node[]; readonly otherwise: readonly Node[]; readonly at: number }
  | { readonly kind: 'template'; readonly name: string; readonly argument: Pipeline | undefined; readonly at: number }
  | { readonly kind: 'break' | 'continue'; readonly at: number };

export interface Pipeline {
  /** Of `range`, the names of the key and the element; else one at most. */
  readonly variables: readonly string[];
  /** `=`: the variable is one that there is already. */
  readonly assigns: boolean;
  /** Each gets the value of the one before as its last argument. */
  readonly commands: readonly Command[];
  readonly at: number;
}

/** A function, a field that may be a method, or a value, and its arguments. */
export interface Command {
  readonly operands: readonly Operand[];
  readonly at: number;
}

export type Operand =
  | { readonly kind: 'literal'; readonly value: Value; readonly at: number }
  | { readonly kind: 'function'; readonly name: string; readonly at: number }
  | { readonly kind: 'dot'; readonly fields: readonly string[]; readonly at: number }
  | { readonly kind: 'variable'; readonly name: string; readonly fields: readonly string[]; readonly at: number }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline; readonly fields: readonly string[]; readonly at: number };

/** A template that has been read. */
export interface Definition {
  readonly name: string;
  readonly source: string;
  /** The whole text that it stands in, and that text's name. */
  readonly text: string;
  readonly body: readonly Node[];
}
