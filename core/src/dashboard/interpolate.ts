//  rate(http_requests_total{job=~"$job", path="$path"}[$interval]) * $factor
//                                 └─┬─┘        └─┬─┘   └──┬────┘    └──┬──┘
//                       a pattern: escaped,     │        │     bare: a number, a duration
//                       several as (?:a|b)      │        │     or a name, and nothing else
//                                      a value: quoted; several make = into =~
import { ParseError } from '@metrics-dashboard/sdk';
import { positionAt } from '../query/language/position.js';
import { unquote } from '../query/language/strings.js';

/** What is chosen for one variable. */
export interface VariableValue {
  readonly name: string;
  readonly values: readonly string[];
  /** Every value there is. `values` then has all of them, or is empty and any value is meant that is not empty. */
  readonly all?: boolean | undefined;
}

/** A reference, `$name`, `${name}` or `${name:regex}`; a literal; a comment; or an operator before a literal. */
const TOKEN = /\$(?:(\w+)|\{(\w+)(?::(\w+))?\})|("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|`[^`]*`)|(#[^\n]*)|(=~|!~|!=|==|=)|[^\s]/g;
const REFERENCE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::(\w+))?\})/g;

const BARE = /^(?:[A-Za-z_:][\w:]*|[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|(?:\d+(?:ms|[ywdhms]))+)$/;

/** Names that would change how the rest of the expression is read. */
const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'bool', 'offset', 'start', 'end', 'atan2']);

/**
 * An expression with the values of variables in it. A value means itself wherever it stands: it can't end a literal, open a
 * matcher, or be read as a pattern. In a literal, what names no variable stays as it is; elsewhere it is an error.
 * Throws `ParseError` with line and column for a value that can't stand where it is asked for.
 */
export function interpolate(expression: string, variables: readonly VariableValue[]): string {
  if (!expression.includes('$')) return expression;
  const known = new Map(variables.map((variable) => [variable.name, variable]));
  let result = '';
  let written = 0;
  let operator: RegExpExecArray | undefined;
  for (const token of expression.matchAll(TOKEN)) {
    const [text, plain, braced, format, literal, , asOperator] = token;
    const at = { expression, offset: token.index };
    const name = plain ?? braced;
    if (name !== undefined) {
      result += expression.slice(written, token.index) + bare(known.get(name), name, format, at);
      written = token.index + text.length;
    } else if (literal?.includes('$') === true) {
      const filled = fill(literal, operator?.[0], known, at);
      const from = filled.operator === undefined || operator === undefined ? token.index : operator.index;
      const between = operator === undefined ? '' : expression.slice(operator.index + operator[0].length, token.index);
      result += expression.slice(written, from) + (filled.operator === undefined ? '' : filled.operator + between) + filled.literal;
      written = token.index + text.length;
    }
    operator = asOperator === undefined ? undefined : token;
  }
  return result + expression.slice(written);
}

/** The names of the variables that an expression refers to, each once; those in literals as well, whether there are such variables or not. */
export function referencesOf(expression: string): readonly string[] {
  const names = [...expression.matchAll(REFERENCE)].map(([, plain, braced]) => plain ?? braced ?? '');
  return [...new Set(names)];
}

interface Place {
  readonly expression: string;
  readonly offset: number;
}

/** The values where no quotes are around them. */
function bare(variable: VariableValue | undefined, name: string, format: string | undefined, at: Place): string {
  if (variable === undefined) throw failure(at, `there is no variable ${JSON.stringify(name)}`);
  if (format !== undefined) throw failure(at, `the format ${JSON.stringify(format)} of $${name} is for literals`);
  if (variable.values.length === 0) throw failure(at, `$${name} has no value${variable.all === true ? ' of its own' : ''}, and stands where one is needed`);
  for (const value of variable.values) {
    if (!BARE.test(value) || WORDS.has(value.toLowerCase())) {
      throw failure(at, `$${name} is ${shown(value)}, and outside of quotes a variable is a number, a duration or a name`);
    }
  }
  return variable.values.join(', ');
}

/** A literal with the values in it, and the operator before it where that becomes another one. */
function fill(literal: string, operator: string | undefined, known: ReadonlyMap<string, VariableValue>, at: Place): { literal: string; operator?: string } {
  const text = unquote(literal);
  if (text === undefined) return { literal };
  const parts = split(text, known);
  if (parts.every((part) => typeof part === 'string')) return { literal };
  const isPattern = operator === '=~' || operator === '!~';
  if (isPattern) return filledPattern(parts, operator, (text) => text);
  const single = parts.map((part) => (typeof part === 'string' ? part : part.format === 'regex' ? pattern(part.variable) : onlyValue(part.variable)));
  if (single.every((part) => part !== undefined)) return { literal: quote(single.join('')) };
  if (operator !== '=' && operator !== '!=') {
    const several = parts.find((part) => typeof part !== 'string' && onlyValue(part.variable) === undefined);
    const name = typeof several === 'object' ? several.variable.name : '';
    throw failure(at, `$${name} has not exactly one value, and this literal takes one; \${${name}:regex} makes a pattern of them`);
  }
  return filledPattern(parts, operator === '=' ? '=~' : '!~', escapePattern);
}

/** A literal that is read as a pattern. One that is a single value, and several that stand alone, are read as such by an index. */
function filledPattern(parts: readonly (string | Filled)[], operator: '=~' | '!~', rest: (text: string) => string): { literal: string; operator: string } {
  const [first] = parts.filter((part) => part !== '');
  const isAlone = typeof first === 'object' && parts.filter((part) => part !== '').length === 1;
  const value = isAlone ? onlyValue(first.variable) : undefined;
  if (value !== undefined) return { literal: quote(value), operator: operator === '=~' ? '=' : '!=' };
  if (isAlone && first.variable.values.length > 0) return { literal: quote(first.variable.values.map(escapePattern).join('|')), operator };
  return { literal: quote(parts.map((part) => (typeof part === 'string' ? rest(part) : pattern(part.variable))).join('')), operator };
}

interface Filled {
  readonly variable: VariableValue;
  readonly format: string | undefined;
}

/** The text between references, and the references to variables that there are. */
function split(text: string, known: ReadonlyMap<string, VariableValue>): (string | Filled)[] {
  const parts: (string | Filled)[] = [];
  let from = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const [all, plain, braced, format] = match;
    const variable = known.get(plain ?? braced ?? '');
    if (variable === undefined) continue;
    parts.push(text.slice(from, match.index), { variable, format });
    from = match.index + all.length;
  }
  parts.push(text.slice(from));
  return parts;
}

function onlyValue({ values }: VariableValue): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}

/** Matches the values and nothing else; where all are meant and none is named, any that is not empty. */
function pattern({ values, all }: VariableValue): string {
  if (values.length === 0) return all === true ? '.+' : '';
  const escaped = values.map(escapePattern);
  return escaped.length === 1 ? (escaped[0] ?? '') : `(?:${escaped.join('|')})`;
}

function escapePattern(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** In double quotes, as the language reads them. */
function quote(text: string): string {
  return JSON.stringify(text);
}

function failure({ expression, offset }: Place, message: string): ParseError {
  const position = positionAt(expression, offset);
  return new ParseError(`${position.line}:${position.column}: ${message}`, { position });
}

function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
