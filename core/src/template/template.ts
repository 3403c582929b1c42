import { BUILTINS } from './builtins.js';
import { TEMPLATE_LIMITS, run } from './evaluate.js';
import type { TemplateLimits } from './evaluate.js';
import type { FunctionTable } from './functions.js';
import type { Definition, Node } from './nodes.js';
import { parseTemplate } from './parser.js';
import { TemplateError, placeIn } from './template-error.js';
import type { Value } from './value.js';

export interface TemplateText {
  readonly name: string;
  readonly text: string;
}

export interface ExecuteOptions {
  readonly functions: FunctionTable;
  readonly variables?: Readonly<Record<string, Value>>;
  readonly limits?: TemplateLimits;
}

/**
 * Templates that were read, in Go's `text/template` syntax; they may call each other. Running them does no I/O, takes a
 * bounded number of steps and writes a bounded text.
 */
export class Templates {
  readonly #definitions: ReadonlyMap<string, Definition>;

  private constructor(definitions: ReadonlyMap<string, Definition>) {
    this.#definitions = definitions;
  }

  /**
   * Reads texts; of two definitions with one name the later counts. `functions` is what they may call beside the language's
   * own, only the names matter here; `variables` are the names of those that there are from the beginning.
   * Throws a `TemplateError` with the place of what can't be read.
   */
  static read(texts: readonly TemplateText[], functions: FunctionTable, variables: readonly string[] = []): Templates {
    return new Templates(new Map()).with(texts, functions, variables);
  }

  /** These and more. */
  with(texts: readonly TemplateText[], functions: FunctionTable, variables: readonly string[] = []): Templates {
    const hasFunction = (name: string): boolean => name === 'and' || name === 'or' || Object.hasOwn(BUILTINS, name) || Object.hasOwn(functions, name);
    const definitions = new Map(this.#definitions);
    for (const { name, text } of texts) {
      for (const definition of parseTemplate({ name, text, hasFunction, variables })) definitions.set(definition.name, definition);
    }
    return new Templates(definitions);
  }

  has(name: string): boolean {
    return this.#definitions.has(name);
  }

  /** Throws a `TemplateError` with the place where a template, or one that it calls, calls one that is not there. */
  assertCalls(name: string): void {
    const reached = new Set([name]);
    for (const one of reached) {
      const definition = this.#definitions.get(one);
      for (const call of definition === undefined ? [] : callsIn(definition.body)) {
        if (definition !== undefined && !this.has(call.name)) throw new TemplateError(definition.source, placeIn(definition.text, call.at), `template ${JSON.stringify(call.name)} not defined`);
        reached.add(call.name);
      }
    }
  }

  /** Runs one on a value. Throws a `TemplateError` with the place of what can't be done, or is over a limit. */
  execute(name: string, data: Value, { functions, variables = {}, limits = TEMPLATE_LIMITS }: ExecuteOptions): string {
    const definition = this.#definitions.get(name);
    if (definition === undefined) throw new TemplateError(name, { line: 1, column: 1 }, `template ${JSON.stringify(name)} not defined`);
    return run({ definitions: this.#definitions, functions: { ...BUILTINS, ...functions }, limits, variables }, definition, data);
  }
}

function callsIn(body: readonly Node[]): readonly { readonly name: string; readonly at: number }[] {
  return body.flatMap((node) => {
    if (node.kind === 'template') return [node];
    return 'body' in node ? [...callsIn(node.body), ...callsIn(node.otherwise)] : [];
  });
}
