import { Lexer } from './lexer.js';
import type { Sign, Token } from './lexer.js';
import type { Command, Definition, Node, Operand, Pipeline } from './nodes.js';
import { TemplateError, placeIn } from './template-error.js';

/** Longer texts, and deeper ones, are refused before they cost anything. */
const LONGEST = 1_000_000;
const DEEPEST = 100;

export interface ParseOptions {
  readonly name: string;
  readonly text: string;
  /** Whether there is a function of a name. */
  readonly hasFunction: (name: string) => boolean;
  /** Variables that there are from the beginning, without their signs. */
  readonly variables?: readonly string[];
}

/**
 * Reads a template's text: the text itself under its name, and what it defines inside. Throws a `TemplateError` with the
 * place of what can't be read.
 * Source: https://pkg.go.dev/text/template.
 */
export function parseTemplate(options: ParseOptions): readonly Definition[] {
  return new Parser(options).read();
}

/** How a list of nodes ended. */
interface List {
  readonly nodes: readonly Node[];
  readonly end: 'end' | 'else' | 'eof';
}

class Parser {
  readonly #options: ParseOptions;
  readonly #tokens: readonly Token[];
  readonly #definitions: Definition[] = [];
  readonly #scopes: string[][];
  #at = 0;
  #depth = 0;
  #loops = 0;

  constructor(options: ParseOptions) {
    this.#options = options;
    if (options.text.length > LONGEST) throw new TemplateError(options.name, { line: 1, column: 1 }, `${options.text.length} characters, expected at most ${LONGEST}`);
    this.#tokens = new Lexer(options.name, options.text).read();
    this.#scopes = [['', ...(options.variables ?? [])]];
  }

  read(): readonly Definition[] {
    const { nodes, end } = this.#list();
    if (end !== 'eof') throw this.#error(this.#previous(), `unexpected {{${end}}}`);
    return [this.#definition(this.#options.name, nodes), ...this.#definitions];
  }

  #definition(name: string, body: readonly Node[]): Definition {
    return { name, source: this.#options.name, text: this.#options.text, body };
  }

  #list(): List {
    const nodes: Node[] = [];
    if (++this.#depth > DEEPEST) throw this.#error(this.#tokens[this.#at], `more than ${DEEPEST} actions inside each other`);
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) return this.#ended({ nodes, end: 'eof' });
      this.#at++;
      if (token.kind === 'text') {
        nodes.push(token);
        continue;
      }
      const word = this.#tokens[this.#at];
      const keyword = word?.kind === 'name' ? word.text : undefined;
      if (keyword === 'end' || keyword === 'else') {
        this.#at++;
        if (keyword === 'end') this.#expect('}}');
        return this.#ended({ nodes, end: keyword });
      }
      const node = this.#node(keyword, token);
      if (node !== undefined) nodes.push(...node);
    }
  }

  #ended(list: List): List {
    this.#depth--;
    return list;
  }

  #node(keyword: string | undefined, open: Token): readonly Node[] | undefined {
    switch (keyword) {
      case 'if':
      case 'with':
      case 'range':
        this.#at++;
        return [this.#branch(keyword, open.at)];
      case 'define':
        this.#at++;
        return void this.#define();
      case 'block':
        this.#at++;
        return [this.#block(open.at)];
      case 'template':
        this.#at++;
        return [this.#template(open.at)];
      case 'break':
      case 'continue':
        this.#at++;
        if (this.#loops === 0) throw this.#error(open, `{{${keyword}}} outside {{range}}`);
        this.#expect('}}');
        return [{ kind: keyword, at: open.at }];
      default: {
        const pipeline = this.#pipeline('}}', 1);
        return [{ kind: 'action', pipeline, at: open.at }];
      }
    }
  }

  #branch(kind: 'if' | 'with' | 'range', at: number): Node {
    this.#scopes.push([]);
    const pipeline = this.#pipeline('}}', kind === 'range' ? 2 : 1);
    if (kind === 'range') this.#loops++;
    const { nodes: body, end } = this.#list();
    if (kind === 'range') this.#loops--;
    if (end === 'eof') throw this.#errorAt(at, `unclosed {{${kind}}}`);
    const otherwise = end === 'else' ? this.#otherwise(kind, at) : [];
    this.#scopes.pop();
    return { kind, pipeline, body, otherwise, at };
  }

  /** What follows `{{else`: a list up to the end, or another `if` or `with` whose end is this one's too. */
  #otherwise(kind: 'if' | 'with' | 'range', at: number): readonly Node[] {
    const word = this.#tokens[this.#at];
    if (word?.kind === 'name' && word.text === kind && kind !== 'range') {
      this.#at++;
      if (++this.#depth > DEEPEST) throw this.#error(word, `more than ${DEEPEST} actions inside each other`);
      const chained = this.#branch(kind, word.at);
      this.#depth--;
      return [chained];
    }
    this.#expect('}}');
    const { nodes, end } = this.#list();
    if (end === 'else') throw this.#error(this.#previous(), 'expected end; found {{else}}');
    if (end === 'eof') throw this.#errorAt(at, `unclosed {{${kind}}}`);
    return nodes;
  }

  #define(): void {
    const name = this.#string('define');
    this.#expect('}}');
    this.#body(name);
  }

  #block(at: number): Node {
    const name = this.#string('block');
    const argument = this.#pipeline('}}', 0);
    this.#body(name);
    return { kind: 'template', name, argument, at };
  }

  /** The text of a definition, which sees none of the variables around it. */
  #body(name: string): void {
    const outer = this.#scopes.splice(0, this.#scopes.length, ['']);
    const loops = this.#loops;
    this.#loops = 0;
    const { nodes, end } = this.#list();
    if (end !== 'end') throw this.#error(this.#previous(), end === 'else' ? 'unexpected {{else}} in a definition' : `unclosed definition of ${JSON.stringify(name)}`);
    this.#scopes.splice(0, this.#scopes.length, ...outer);
    this.#loops = loops;
    this.#definitions.push(this.#definition(name, nodes));
  }

  #template(at: number): Node {
    const name = this.#string('template');
    const isEnd = this.#peekSign() === '}}';
    const argument = isEnd ? undefined : this.#pipeline('}}', 0);
    if (isEnd) this.#at++;
    return { kind: 'template', name, argument, at };
  }

  #string(what: string): string {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== 'string') throw this.#error(token, `expected a quoted name in {{${what}}}`);
    return token.value;
  }

  #pipeline(end: Sign, mostVariables: number): Pipeline {
    const first = this.#tokens[this.#at];
    const { variables, assigns } = mostVariables > 0 ? this.#variables(mostVariables) : { variables: [], assigns: false };
    const commands: Command[] = [];
    for (;;) {
      commands.push(this.#command(end));
      const sign = this.#tokens[this.#at++];
      if (sign?.kind === 'sign' && sign.text === end) break;
    }
    this.#checkStages(commands);
    if (!assigns) this.#scopes.at(-1)?.push(...variables);
    return { variables, assigns, commands, at: first?.at ?? 0 };
  }

  #variables(most: number): { variables: readonly string[]; assigns: boolean } {
    const start = this.#at;
    const names: string[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.kind !== 'variable') break;
      names.push(token.text);
      this.#at++;
      const sign = this.#peekSign();
      if (sign === ':=' || sign === '=') {
        this.#at++;
        if (names.length > most) throw this.#error(token, 'too many declarations');
        if (sign === '=') for (const name of names) this.#assertDeclared(name, token.at);
        return { variables: names, assigns: sign === '=' };
      }
      if (sign !== ',') break;
      if (most < 2) throw this.#error(token, 'unexpected "," in command');
      this.#at++;
    }
    this.#at = start;
    return { variables: [], assigns: false };
  }

  /** Words up to a `|` or the end, neither of which it takes. */
  #command(end: Sign): Command {
    const operands: Operand[] = [];
    const first = this.#tokens[this.#at];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) throw this.#errorAt(first?.at ?? 0, 'unclosed action');
      if (token.kind === 'sign' && (token.text === '|' || token.text === end)) break;
      operands.push(this.#operand(token));
    }
    if (operands.length === 0) throw this.#error(this.#tokens[this.#at], 'missing value for command');
    return { operands, at: first?.at ?? 0 };
  }

  #operand(token: Token): Operand {
    this.#at++;
    switch (token.kind) {
      case 'string':
        return { kind: 'literal', value: token.value, at: token.at };
      case 'number':
        return { kind: 'literal', value: token.value, at: token.at };
      case 'name':
        return this.#named(token.text, token.at);
      case 'field':
        return { kind: 'dot', fields: token.text === '' ? [] : [token.text, ...this.#fields()], at: token.at };
      case 'variable':
        this.#assertDeclared(token.text, token.at);
        return { kind: 'variable', name: token.text, fields: this.#fields(), at: token.at };
      case 'sign':
        if (token.text === '(') return this.#parenthesis(token.at);
        throw this.#error(token, `unexpected ${JSON.stringify(token.text)} in operand`);
      case 'text':
        throw this.#error(token, 'unclosed action');
    }
  }

  #parenthesis(at: number): Operand {
    if (++this.#depth > DEEPEST) throw this.#errorAt(at, `more than ${DEEPEST} parentheses inside each other`);
    const pipeline = this.#pipeline(')', 0);
    this.#depth--;
    return { kind: 'pipeline', pipeline, fields: this.#fields(), at };
  }

  #named(name: string, at: number): Operand {
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true', at };
    if (name === 'nil') return { kind: 'literal', value: undefined, at };
    if (!this.#options.hasFunction(name)) throw this.#errorAt(at, `function ${JSON.stringify(name)} not defined`);
    return { kind: 'function', name, at };
  }

  /** `.A.B` right behind an operand. */
  #fields(): readonly string[] {
    const fields: string[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.kind !== 'field' || !token.glued || token.text === '') return fields;
      fields.push(token.text);
      this.#at++;
    }
  }

  /** Only the first command of a pipeline may be a value. */
  #checkStages(commands: readonly Command[]): void {
    for (const [i, { operands, at }] of commands.entries()) {
      const first = operands[0];
      if (first?.kind === 'literal' && (i > 0 || operands.length > 1)) {
        throw this.#errorAt(at, i > 0 ? 'non executable command in pipeline' : "can't give argument to non-function");
      }
      if (first?.kind === 'literal' && first.value === undefined) throw this.#errorAt(at, 'nil is not a command');
    }
  }

  #assertDeclared(name: string, at: number): void {
    if (!this.#scopes.some((scope) => scope.includes(name))) throw this.#errorAt(at, `undefined variable "$${name}"`);
  }

  #peekSign(): Sign | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === 'sign' ? token.text : undefined;
  }

  #expect(sign: Sign): void {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== 'sign' || token.text !== sign) throw this.#error(token, `expected ${JSON.stringify(sign)}`);
  }

  #previous(): Token | undefined {
    return this.#tokens[this.#at - 1];
  }

  #error(token: Token | undefined, reason: string): TemplateError {
    return this.#errorAt(token?.at ?? this.#options.text.length, reason);
  }

  #errorAt(at: number, reason: string): TemplateError {
    return new TemplateError(this.#options.name, placeIn(this.#options.text, at), reason);
  }
}
