import { TemplateError, placeIn } from './template-error.js';
import { unquoteGo } from './quoting.js';

/** A word inside an action. `at` is its place in the template's text. */
export type Token =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'string'; readonly value: string; readonly at: number }
  | { readonly kind: 'number'; readonly value: bigint | number; readonly at: number }
  /** A keyword, a function's name, `true`, `false`, `nil`. */
  | { readonly kind: 'name'; readonly text: string; readonly at: number }
  /** `.Labels`, without its point; empty for the point alone. */
  | { readonly kind: 'field'; readonly text: string; readonly at: number; readonly glued: boolean }
  /** `$name`, without its sign. */
  | { readonly kind: 'variable'; readonly text: string; readonly at: number }
  | { readonly kind: 'sign'; readonly text: Sign; readonly at: number; readonly glued: boolean };

export type Sign = '{{' | '}}' | '(' | ')' | '|' | ',' | '=' | ':=';

const SPACE = ' \t\r\n';
const NUMBER = /[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const STRING = /"(?:\\.|[^"\\\n])*"|`[^`]*`/ys;
const CHARACTER = /'(?:\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|.)|[^'\\\n])'/uy;
const NAME = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const FIELD = /\.([\p{L}_][\p{L}\p{Nd}_]*)?/uy;
const VARIABLE = /\$([\p{L}\p{Nd}_]*)/uy;

/**
 * A template's text as tokens: texts between actions, and what is inside `{{` and `}}`. `{{-` and `-}}` cut the space
 * before and behind, comments are left out.
 */
export class Lexer {
  readonly #name: string;
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
  }

  read(): readonly Token[] {
    let trimNext = false;
    while (this.#at < this.#text.length) {
      const open = this.#text.indexOf('{{', this.#at);
      const end = open < 0 ? this.#text.length : open;
      const trimsBefore = open >= 0 && this.#text[open + 2] === '-' && SPACE.includes(this.#text[open + 3] ?? 'x');
      this.#outside(this.#at, end, trimNext, trimsBefore);
      if (open < 0) break;
      this.#at = open + (trimsBefore ? 4 : 2);
      trimNext = this.#action(open);
    }
    return this.#tokens;
  }

  #outside(from: number, to: number, trimStart: boolean, trimEnd: boolean): void {
    let text = this.#text.slice(from, to);
    if (trimStart) text = text.replace(/^[ \t\r\n]+/, '');
    if (trimEnd) text = text.replace(/[ \t\r\n]+$/, '');
    if (text !== '') this.#tokens.push({ kind: 'text', text, at: from });
  }

  /** From behind the opening to behind the closing; true when the text that follows loses its leading space. */
  #action(open: number): boolean {
    if (/^[ \t\r\n]*\/\*/.test(this.#text.slice(this.#at, this.#at + 100)) && this.#text.startsWith('/*', this.#at)) return this.#comment(open);
    this.#tokens.push({ kind: 'sign', text: '{{', at: open, glued: false });
    for (;;) {
      const spaced = this.#skipSpace();
      if (this.#at >= this.#text.length) throw this.#error(open, 'unclosed action');
      const trims = spaced && this.#text.startsWith('-}}', this.#at);
      if (trims || this.#text.startsWith('}}', this.#at)) {
        this.#tokens.push({ kind: 'sign', text: '}}', at: this.#at, glued: false });
        this.#at += trims ? 3 : 2;
        return trims;
      }
      this.#tokens.push(this.#token(!spaced));
    }
  }

  #comment(open: number): boolean {
    const end = this.#text.indexOf('*/', this.#at);
    if (end < 0) throw this.#error(open, 'unclosed comment');
    const close = /^(?:([ \t\r\n]+)(-))?}}/.exec(this.#text.slice(end + 2, end + 1000));
    if (close === null) throw this.#error(open, 'comment ends before closing delimiter');
    this.#at = end + 2 + close[0].length;
    return close[2] !== undefined;
  }

  #skipSpace(): boolean {
    const start = this.#at;
    while (SPACE.includes(this.#text[this.#at] ?? 'x')) this.#at++;
    return this.#at > start;
  }

  #token(glued: boolean): Token {
    const at = this.#at;
    const c = this.#text[at] ?? '';
    if (this.#text.startsWith(':=', at)) return this.#sign(':=', glued);
    if (c === '(' || c === ')' || c === '|' || c === ',' || c === '=') return this.#sign(c, glued);
    if (c === '"' || c === '`') return this.#string(at);
    if (c === "'") return this.#character(at);
    if (/[\d+-]/.test(c) || (c === '.' && /\d/.test(this.#text[at + 1] ?? ''))) return this.#number(at);
    const field = this.#match(FIELD);
    if (field !== undefined) return { kind: 'field', text: field[1] ?? '', at, glued };
    const variable = this.#match(VARIABLE);
    if (variable !== undefined) return { kind: 'variable', text: variable[1] ?? '', at };
    const name = this.#match(NAME);
    if (name !== undefined) return { kind: 'name', text: name[0], at };
    throw this.#error(at, `unexpected ${JSON.stringify(String.fromCodePoint(this.#text.codePointAt(at) ?? 0))} in action`);
  }

  #sign(text: Sign, glued: boolean): Token {
    const at = this.#at;
    this.#at += text.length;
    return { kind: 'sign', text, at, glued };
  }

  #string(at: number): Token {
    const literal = this.#match(STRING)?.[0];
    if (literal === undefined) throw this.#error(at, 'unterminated quoted string');
    const value = unquoteGo(literal);
    if (value === undefined) throw this.#error(at, `invalid string literal ${literal}`);
    return { kind: 'string', value, at };
  }

  #character(at: number): Token {
    const literal = this.#match(CHARACTER)?.[0];
    const value = literal === undefined ? undefined : unquoteGo(`"${literal.slice(1, -1).replace('"', '\\"').replace("\\'", "'")}"`);
    if (value === undefined) throw this.#error(at, 'unterminated or malformed character constant');
    return { kind: 'number', value: BigInt(value.codePointAt(0) ?? 0), at };
  }

  #number(at: number): Token {
    const literal = this.#match(NUMBER)?.[0];
    const next = this.#text[this.#at] ?? '';
    if (literal === undefined || /[\p{L}\p{Nd}_]/u.test(next)) throw this.#error(at, 'bad number syntax');
    const plain = literal.replaceAll('_', '');
    const isHex = /^[+-]?0[xX]/.test(plain);
    if (!isHex && /[.eE]/.test(plain)) return { kind: 'number', value: Number(plain), at };
    const digits = plain.replace(/^[+-]/, '').replace(/^0+(?=\d)/, (zeros) => (zeros === '' ? '' : '0o'));
    try {
      return { kind: 'number', value: BigInt(digits) * (plain.startsWith('-') ? -1n : 1n), at };
    } catch {
      throw this.#error(at, `bad number syntax: ${JSON.stringify(literal)}`);
    }
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  #error(at: number, reason: string): TemplateError {
    return new TemplateError(this.#name, placeIn(this.#text, at), reason);
  }
}
