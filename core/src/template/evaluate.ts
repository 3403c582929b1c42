import { messageOf } from '@metrics-dashboard/sdk';
import { printed } from './format.js';
import type { FunctionTable } from './functions.js';
import type { Command, Definition, Node, Operand, Pipeline } from './nodes.js';
import { TemplateError, placeIn } from './template-error.js';
import { TemplateMap, TemplateStruct, isList, isTrue, methodOf, typeName } from './value.js';
import type { TemplateFunction, Value } from './value.js';

/** What one run may take. */
export interface TemplateLimits {
  /** Actions, functions, turns of loops. */
  readonly steps: number;
  /** Characters written. */
  readonly output: number;
}

export const TEMPLATE_LIMITS: TemplateLimits = { steps: 200_000, output: 256 * 1024 };

/** Templates deeper inside each other than this call themselves without an end. */
const DEEPEST = 100;

/** What a function throws to end a run for a reason that is no mistake of the template's; it is passed on as it is. */
export class TemplateInterrupt extends Error {}

export interface RunOptions {
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly functions: FunctionTable;
  readonly limits: TemplateLimits;
  /** Variables that there are from the beginning, without their signs. */
  readonly variables: Readonly<Record<string, Value>>;
}

/** Runs a template on a value. Throws a `TemplateError` with the place of what can't be done, or is over a limit. */
export function run(options: RunOptions, definition: Definition, data: Value): string {
  return new Run(options).whole(definition, data);
}

type Leave = 'break' | 'continue' | undefined;

class Run {
  readonly #options: RunOptions;
  readonly #parts: string[] = [];
  #size = 0;
  #steps = 0;
  #depth = 0;
  #definition: Definition | undefined;
  /** Variables in the order in which they came to be, the newest last. */
  #variables: [name: string, value: Value][] = [];

  constructor(options: RunOptions) {
    this.#options = options;
  }

  whole(definition: Definition, data: Value): string {
    this.#template(definition, data, Object.entries(this.#options.variables));
    return this.#parts.join('');
  }

  #template(definition: Definition, data: Value, given: readonly (readonly [string, Value])[], at = 0): void {
    if (++this.#depth > DEEPEST) throw this.#error(at, `templates are more than ${DEEPEST} deep inside each other`);
    const [outer, variables] = [this.#definition, this.#variables];
    this.#definition = definition;
    this.#variables = [['', data], ...given.map(([name, value]): [string, Value] => [name, value])];
    this.#nodes(definition.body, data);
    this.#definition = outer;
    this.#variables = variables;
    this.#depth--;
  }

  #nodes(nodes: readonly Node[], dot: Value): Leave {
    for (const node of nodes) {
      const leave = this.#node(node, dot);
      if (leave !== undefined) return leave;
    }
    return undefined;
  }

  #node(node: Node, dot: Value): Leave {
    this.#step(node.at);
    switch (node.kind) {
      case 'text':
        this.#write(node.text, node.at);
        return undefined;
      case 'action': {
        const value = this.#pipeline(node.pipeline, dot);
        if (node.pipeline.variables.length === 0) this.#write(value === undefined ? '<no value>' : printed(value), node.at);
        return undefined;
      }
      case 'template': {
        const definition = this.#options.definitions.get(node.name);
        if (definition === undefined) throw this.#error(node.at, `template ${JSON.stringify(node.name)} not defined`);
        this.#template(definition, node.argument && this.#pipeline(node.argument, dot), [], node.at);
        return undefined;
      }
      case 'break':
      case 'continue':
        return node.kind;
      default:
        return this.#branch(node, dot);
    }
  }

  #branch(node: Extract<Node, { kind: 'if' | 'with' | 'range' }>, dot: Value): Leave {
    const mark = this.#variables.length;
    try {
      if (node.kind === 'range') return this.#range(node, dot);
      const value = this.#pipeline(node.pipeline, dot);
      return isTrue(value) ? this.#nodes(node.body, node.kind === 'with' ? value : dot) : this.#nodes(node.otherwise, dot);
    } finally {
      this.#variables.length = mark;
    }
  }

  #range(node: Extract<Node, { kind: 'if' | 'with' | 'range' }>, dot: Value): Leave {
    const { pipeline } = node;
    const value = this.#value({ ...pipeline, variables: [] }, dot);
    const mark = this.#variables.length;
    let turns = 0;
    for (const [key, item] of this.#items(value, node.at)) {
      this.#step(node.at);
      turns++;
      this.#bind(pipeline, key, item);
      const leave = this.#nodes(node.body, item);
      this.#variables.length = mark;
      if (leave === 'break') break;
    }
    return turns > 0 ? undefined : this.#nodes(node.otherwise, dot);
  }

  #bind({ variables, assigns }: Pipeline, key: Value, item: Value): void {
    const values = variables.length === 1 ? [item] : [key, item];
    for (const [i, name] of variables.entries()) this.#set(name, values[i], assigns);
  }

  *#items(value: Value, at: number): Generator<readonly [Value, Value]> {
    if (value === undefined) return;
    if (typeof value === 'bigint') {
      for (let i = 0n; i < value; i++) yield [i, i];
      return;
    }
    if (value instanceof TemplateMap) yield* value.sorted();
    else if (isList(value)) for (const [i, item] of value.entries()) yield [BigInt(i), item];
    else throw this.#error(at, `range can't iterate over ${printed(value)}`);
  }

  #pipeline(pipeline: Pipeline, dot: Value): Value {
    const value = this.#value(pipeline, dot);
    for (const name of pipeline.variables) this.#set(name, value, pipeline.assigns);
    return value;
  }

  #value(pipeline: Pipeline, dot: Value): Value {
    let value: Value;
    for (const [i, command] of pipeline.commands.entries()) value = this.#command(command, dot, i === 0 ? [] : [value]);
    return value;
  }

  #set(name: string, value: Value, assigns: boolean): void {
    const known = assigns ? this.#variables.findLast(([other]) => other === name) : undefined;
    if (known === undefined) this.#variables.push([name, value]);
    else known[1] = value;
  }

  /** `last`: the value of the command before, if there is one. */
  #command({ operands, at }: Command, dot: Value, last: readonly Value[]): Value {
    this.#step(at);
    const [first, ...rest] = operands;
    if (first === undefined) throw this.#error(at, 'empty command');
    if (first.kind === 'function') return this.#function(first.name, first.at, rest, dot, last);
    return this.#operand(first, dot, () => [...rest.map((operand) => this.#operand(operand, dot)), ...last]);
  }

  #function(name: string, at: number, operands: readonly Operand[], dot: Value, last: readonly Value[]): Value {
    const argument = (operand: Operand): Value => this.#operand(operand, dot);
    if (name === 'and' || name === 'or') return this.#shortCut(name === 'and', at, [...operands.map((operand) => () => argument(operand)), ...last.map((value) => () => value)]);
    const entry = Object.hasOwn(this.#options.functions, name) ? this.#options.functions[name] : undefined;
    if (entry === undefined) throw this.#error(at, `function ${JSON.stringify(name)} not defined`);
    const args = [...operands.map(argument), ...last];
    if (args.length < entry.min || args.length > entry.max) {
      const wanted = entry.max === Infinity ? `at least ${entry.min}` : entry.min === entry.max ? String(entry.min) : `${entry.min} to ${entry.max}`;
      throw this.#error(at, `wrong number of args for ${name}: want ${wanted} got ${args.length}`);
    }
    return this.#call(name, at, entry.call, args);
  }

  #shortCut(isAnd: boolean, at: number, operands: readonly (() => Value)[]): Value {
    if (operands.length === 0) throw this.#error(at, `wrong number of args for ${isAnd ? 'and' : 'or'}: want at least 1 got 0`);
    let value: Value;
    for (const operand of operands) {
      value = operand();
      if (isTrue(value) !== isAnd) return value;
    }
    return value;
  }

  #call(name: string, at: number, call: TemplateFunction, args: readonly Value[]): Value {
    this.#step(at);
    try {
      return call(...args);
    } catch (error) {
      if (error instanceof TemplateInterrupt || error instanceof TemplateError) throw error;
      throw this.#error(at, `error calling ${name}: ${messageOf(error)}`, error);
    }
  }

  /** `args`: of a command that this operand begins. */
  #operand(operand: Operand, dot: Value, args: () => readonly Value[] = () => []): Value {
    switch (operand.kind) {
      case 'literal':
        return this.#withoutArguments(operand.value, operand.at, args());
      case 'function':
        return this.#function(operand.name, operand.at, [], dot, []);
      case 'dot':
        return this.#fields(dot, operand.fields, operand.at, args);
      case 'variable':
        return this.#fields(this.#variables.findLast(([name]) => name === operand.name)?.[1], operand.fields, operand.at, args);
      case 'pipeline':
        return this.#fields(this.#value(operand.pipeline, dot), operand.fields, operand.at, args);
    }
  }

  #fields(receiver: Value, fields: readonly string[], at: number, args: () => readonly Value[]): Value {
    if (fields.length === 0) return this.#withoutArguments(receiver, at, args());
    let value = receiver;
    for (const [i, field] of fields.entries()) value = this.#field(value, field, at, i === fields.length - 1 ? args() : []);
    return value;
  }

  #field(receiver: Value, field: string, at: number, args: readonly Value[]): Value {
    const method = methodOf(receiver, field);
    if (method !== undefined) return this.#call(field, at, method, args);
    if (receiver instanceof TemplateMap) return this.#withoutArguments(receiver.get(field), at, args, field);
    if (receiver instanceof TemplateStruct && receiver.has(field)) return this.#withoutArguments(receiver.fields[field], at, args, field);
    if (receiver === undefined) throw this.#error(at, `nil data; no entry for key ${JSON.stringify(field)}`);
    throw this.#error(at, `can't evaluate field ${field} in type ${typeName(receiver)}`);
  }

  #withoutArguments(value: Value, at: number, args: readonly Value[], name?: string): Value {
    if (args.length > 0) throw this.#error(at, name === undefined ? "can't give argument to non-function" : `${name} has arguments but cannot be invoked as function`);
    return value;
  }

  #write(text: string, at: number): void {
    this.#size += text.length;
    if (this.#size > this.#options.limits.output) throw this.#error(at, `writes more than ${this.#options.limits.output} characters`);
    this.#parts.push(text);
  }

  #step(at: number): void {
    if (++this.#steps > this.#options.limits.steps) throw this.#error(at, `takes more than ${this.#options.limits.steps} steps`);
  }

  #error(at: number, reason: string, cause?: unknown): TemplateError {
    const { name, source, text } = this.#definition ?? { name: '', source: '', text: '' };
    const inside = name === source ? '' : `in ${JSON.stringify(name)}: `;
    return new TemplateError(source, placeIn(text, at), inside + reason, cause === undefined ? {} : { cause });
  }
}
