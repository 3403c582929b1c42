import { ParseError } from '../errors.js';
import { ASCII_CLASSES, CharSet, inRanges, unicodeClass } from './char-set.js';

/** A regular expression as a tree. Captures and greed are left out: they do not change whether a text matches. */
export type RegexNode =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'either'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly item: RegexNode; readonly min: number; readonly max: number }
  | { readonly kind: 'assertion'; readonly holds: Assertion };

/** Whether a place between two code points is meant; -1 stands for the beginning and the end of the text. */
export type Assertion = (before: number, after: number) => boolean;

/** Deepest nesting of groups, and the most that a counted repetition may repeat: RE2's limits. */
const MAX_DEPTH = 1000;
const MAX_COUNT = 1000;
const MAX_CODE_POINT = 0x10ffff;
const NEWLINE = 0x0a;

interface Flags {
  readonly foldsCase: boolean;
  readonly dotMatchesNewline: boolean;
  readonly lines: boolean;
}

/**
 * Reads RE2's syntax, `.` matching line ends too, as Prometheus has it. What RE2 does not have, references back and
 * looking around, is a ParseError, like everything that can't be read.
 * Source: https://github.com/google/re2/wiki/Syntax.
 */
export function parseRegex(expression: string): RegexNode {
  return new RegexReader(expression).read();
}

class RegexReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #flags: Flags = { foldsCase: false, dotMatchesNewline: true, lines: false };

  constructor(text: string) {
    this.#text = text;
  }

  read(): RegexNode {
    const node = this.#either();
    if (this.#at < this.#text.length) throw this.#problem('no ) without its (');
    return node;
  }

  #either(): RegexNode {
    const items = [this.#sequence()];
    while (this.#take('|')) items.push(this.#sequence());
    return items.length === 1 ? (items[0] as RegexNode) : { kind: 'either', items };
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    while (this.#at < this.#text.length && !this.#sees('|') && !this.#sees(')')) {
      if (this.#take('\\Q')) items.push(...this.#quoted());
      else if (!this.#flagGroup()) items.push(this.#repeated(this.#at, this.#single()));
    }
    return items.length === 1 ? (items[0] as RegexNode) : { kind: 'sequence', items };
  }

  #repeated(start: number, item: RegexNode): RegexNode {
    const count = this.#count();
    if (count === undefined) return item;
    this.#take('?');
    if (this.#count() !== undefined) throw this.#problem('one repetition, not one after another', start);
    const node: RegexNode = { kind: 'repeat', item, ...count };
    if (repetitions(node) > MAX_COUNT) throw this.#problem(`at most ${MAX_COUNT} repetitions`, start);
    return node;
  }

  #count(): { min: number; max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Infinity };
    if (this.#take('+')) return { min: 1, max: Infinity };
    if (this.#take('?')) return { min: 0, max: 1 };
    const counted = this.#match(/\{(\d+)(,?)(\d*)\}/y);
    if (counted === undefined) return undefined;
    const [whole, from, comma, to] = counted;
    const min = Number(from);
    const max = comma === '' ? min : to === '' ? Infinity : Number(to);
    const most = Math.max(min, max === Infinity ? 0 : max);
    if (max < min || most > MAX_COUNT || (comma === '' && to !== '')) {
      throw this.#problem(`a repetition of at most ${MAX_COUNT}`, this.#at - whole.length);
    }
    return { min, max };
  }

  #single(): RegexNode {
    const { foldsCase, dotMatchesNewline, lines } = this.#flags;
    const start = this.#at;
    const c = this.#next();
    switch (c) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', set: this.#class() };
      case '.':
        return { kind: 'set', set: dotMatchesNewline ? anything() : new CharSet(false).addRange(NEWLINE, NEWLINE).negate() };
      case '^':
        return { kind: 'assertion', holds: lines ? atLineStart : atStart };
      case '$':
        return { kind: 'assertion', holds: lines ? atLineEnd : atEnd };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw this.#problem('something to repeat', start);
      default:
        return literal(c.codePointAt(0) as number, foldsCase);
    }
  }

  #group(): RegexNode {
    const start = this.#at - 1;
    if (++this.#depth > MAX_DEPTH) throw this.#problem(`groups at most ${MAX_DEPTH} deep`, start);
    const before = this.#flags;
    if (this.#sees('?')) {
      const named = this.#match(/\?P?<[A-Za-z0-9_]+>/y);
      const flags = named ?? this.#match(/\?([imsU]*(?:-[imsU]+)?):/y);
      if (flags === undefined) throw this.#problem('a group of the forms (…), (?:…), (?i:…) or (?P<name>…)', start);
      if (named === undefined) this.#setFlags(flags[1] ?? '');
    }
    const node = this.#either();
    if (!this.#take(')')) throw this.#problem('a ) to this (', start);
    this.#flags = before;
    this.#depth--;
    return node;
  }

  /** `(?i)`: flags for the rest of the group. */
  #flagGroup(): boolean {
    const flags = this.#match(/\(\?([imsU]*(?:-[imsU]+)?)\)/y);
    if (flags === undefined || flags[1] === '') return false;
    this.#setFlags(flags[1] ?? '');
    return true;
  }

  #setFlags(text: string): void {
    const [on = '', off = ''] = text.split('-');
    const flag = (name: string, before: boolean): boolean => (before || on.includes(name)) && !off.includes(name);
    this.#flags = {
      foldsCase: flag('i', this.#flags.foldsCase),
      dotMatchesNewline: flag('s', this.#flags.dotMatchesNewline),
      lines: flag('m', this.#flags.lines),
    };
  }

  /** The characters up to `\\E`; a repetition behind it is of the last one. */
  #quoted(): RegexNode[] {
    const end = this.#text.indexOf('\\E', this.#at);
    const text = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 2;
    const items = Array.from(text, (c) => literal(c.codePointAt(0) as number, this.#flags.foldsCase));
    const last = items.pop();
    return last === undefined ? items : [...items, this.#repeated(this.#at, last)];
  }

  #escape(): RegexNode {
    const assertion = this.#match(/[AzbB]/y);
    if (assertion !== undefined) return { kind: 'assertion', holds: ASSERTIONS[assertion[0]] ?? atStart };
    const set = new CharSet(this.#flags.foldsCase);
    if (this.#escapedClass(set)) return { kind: 'set', set };
    return literal(this.#escapedCodePoint(), this.#flags.foldsCase);
  }

  /** `\d` and its like, `\pL`, `\p{Greek}`: adds it to a set; false when something else follows the backslash. */
  #escapedClass(set: CharSet): boolean {
    const ascii = this.#match(/[dswDSW]/y)?.[0];
    if (ascii !== undefined) {
      const ranges = ASCII_CLASSES[ascii.toLowerCase()] ?? [];
      const negated = ascii !== ascii.toLowerCase();
      set.addClass((c) => inRanges(ranges, c) !== negated);
      return true;
    }
    const unicode = this.#match(/([pP])(?:([A-Za-z])|\{(\^?)([^}]*)\})/y);
    if (unicode === undefined) return false;
    const [whole, p, letter, caret, name] = unicode;
    const holds = unicodeClass(letter ?? name ?? '');
    if (holds === undefined) throw this.#problem('a Unicode category or script', this.#at - whole.length);
    const negated = (p === 'P') !== (caret === '^');
    set.addClass((c) => holds(c) !== negated);
    return true;
  }

  #escapedCodePoint(): number {
    const start = this.#at - 1;
    const hex = this.#match(/x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})/y);
    const octal = hex === undefined ? this.#match(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y) : undefined;
    const code = hex !== undefined ? parseInt(hex[1] ?? hex[2] ?? '', 16) : octal !== undefined ? parseInt(octal[0], 8) : undefined;
    if (code !== undefined) {
      if (code > MAX_CODE_POINT) throw this.#problem('a code point up to 10FFFF', start);
      return code;
    }
    const control = this.#match(/[aftnrv]/y)?.[0];
    if (control !== undefined) return CONTROLS[control] as number;
    if (this.#match(/[!-/:-@[-`{-~]/y) === undefined) throw this.#problem('an escape of RE2', start);
    return this.#text.charCodeAt(this.#at - 1);
  }

  #class(): CharSet {
    const start = this.#at - 1;
    const set = new CharSet(this.#flags.foldsCase);
    const negated = this.#take('^');
    for (let first = true; first || !this.#sees(']'); first = false) {
      if (this.#at >= this.#text.length) throw this.#problem('a ] to this [', start);
      this.#classItem(set);
    }
    this.#at++;
    return negated ? set.negate() : set;
  }

  #classItem(set: CharSet): void {
    const posix = this.#match(/\[:(\^?)([a-z]+):\]/y);
    if (posix !== undefined) {
      const ranges = ASCII_CLASSES[posix[2] ?? ''];
      if (ranges === undefined || posix[2]?.length === 1) throw this.#problem('a class like [:alpha:]', this.#at - posix[0].length);
      set.addClass((c) => inRanges(ranges, c) !== (posix[1] === '^'));
      return;
    }
    const start = this.#at;
    if (this.#take('\\') && this.#escapedClass(set)) return;
    this.#at = start;
    const first = this.#classCodePoint();
    const isRange = this.#sees('-') && this.#text[this.#at + 1] !== ']' && this.#at + 1 < this.#text.length;
    if (isRange) this.#at++;
    const last = isRange ? this.#classCodePoint() : first;
    if (last < first) throw this.#problem('a range from low to high', start);
    set.addRange(first, last);
  }

  #classCodePoint(): number {
    return this.#take('\\') ? this.#escapedCodePoint() : (this.#next().codePointAt(0) as number);
  }

  #next(): string {
    const c = this.#text.codePointAt(this.#at);
    if (c === undefined) throw this.#problem('something after the last character');
    const text = String.fromCodePoint(c);
    this.#at += text.length;
    return text;
  }

  #sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** What a sticky expression finds here, and steps over it. */
  #match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  #problem(expected: string, at = this.#at): ParseError {
    const met = at < this.#text.length ? JSON.stringify(this.#text.slice(at, at + 20)) : 'the end';
    const message = `bad regular expression ${JSON.stringify(this.#text.slice(0, 100))}: at ${at + 1}: met ${met}, expected ${expected}`;
    return new ParseError(message);
  }
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

const atStart: Assertion = (before) => before === -1;
const atEnd: Assertion = (_, after) => after === -1;
const atLineStart: Assertion = (before) => before === -1 || before === NEWLINE;
const atLineEnd: Assertion = (_, after) => after === -1 || after === NEWLINE;
const isWord = (c: number): boolean => inRanges(ASCII_CLASSES['w'] ?? [], c);
const atWordEdge: Assertion = (before, after) => isWord(before) !== isWord(after);

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: atStart,
  z: atEnd,
  b: atWordEdge,
  B: (before, after) => !atWordEdge(before, after),
};

function literal(c: number, foldsCase: boolean): RegexNode {
  return { kind: 'set', set: new CharSet(foldsCase).addRange(c, c) };
}

function anything(): CharSet {
  return new CharSet(false).addRange(0, MAX_CODE_POINT);
}

/** How often the innermost item of nested counted repetitions stands there once they are written out. */
function repetitions(node: RegexNode): number {
  switch (node.kind) {
    case 'set':
    case 'assertion':
      return 1;
    case 'sequence':
    case 'either':
      return Math.max(1, ...node.items.map(repetitions));
    case 'repeat':
      return Math.max(1, node.max === Infinity ? node.min : node.max) * repetitions(node.item);
  }
}
