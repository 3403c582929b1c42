/** Whether a character is meant. */
export type CharTest = (character: string) => boolean;

/** A regular expression of templates, read from RE2's syntax. */
export type RegexTree =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'sequence' | 'either'; readonly items: readonly RegexTree[] }
  | { readonly kind: 'repeat'; readonly item: RegexTree; readonly min: number; readonly max: number; readonly greedy: boolean }
  | { readonly kind: 'group'; readonly item: RegexTree; readonly index: number }
  | { readonly kind: 'assert'; readonly holds: (before: string, after: string) => boolean };

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

const isWord = (c: string): boolean => /^\w$/.test(c);
const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z', alpha: 'A-Za-z', ascii: '\\x00-\\x7f', blank: '\\t ', cntrl: '\\x00-\\x1f\\x7f', digit: '0-9', graph: '!-~',
  lower: 'a-z', print: ' -~', punct: '!-\\/:-@\\[-`\\{-~', space: '\\t\\n\\v\\f\\r ', upper: 'A-Z', word: '0-9A-Za-z_', xdigit: '0-9A-Fa-f',
};
const SPACES = '\\t\\n\\f\\r ';
const DEEPEST = 200;

/** Reads an expression, and counts and names its groups. Throws an error that says what is wrong with it. */
export class RegexReader {
  readonly names = new Map<string, number>();
  groups = 0;
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #flags: Flags = { i: false, m: false, s: false, U: false };

  constructor(text: string) {
    this.#text = text;
  }

  read(): RegexTree {
    const tree = this.#either();
    if (this.#at < this.#text.length) throw this.#error('an unexpected )');
    return tree;
  }

  #either(): RegexTree {
    const items = [this.#sequence()];
    while (this.#take('|')) items.push(this.#sequence());
    return { kind: 'either', items };
  }

  #sequence(): RegexTree {
    const items: RegexTree[] = [];
    while (this.#at < this.#text.length && !/[|)]/.test(this.#text[this.#at] ?? '')) {
      const quoted = this.#match(/\\Q([\s\S]*?)(?:\\E|$)/y);
      if (quoted !== undefined) items.push(...[...(quoted[1] ?? '')].map((c) => this.#literal(c)));
      else {
        const item = this.#single();
        if (item !== undefined) items.push(this.#repeated(item));
      }
    }
    return { kind: 'sequence', items };
  }

  #repeated(item: RegexTree): RegexTree {
    const found = this.#match(/(?:([*+?])|\{(\d{1,4})(?:(,)(\d{1,4})?)?\})(\?)?/y);
    if (found === undefined) return item;
    const [, sign, least, comma, most, lazy] = found;
    const min = sign === undefined ? Number(least) : sign === '+' ? 1 : 0;
    const max = sign === undefined ? (comma === undefined ? min : most === undefined ? Infinity : Number(most)) : sign === '?' ? 1 : Infinity;
    if (min > 1000 || (max !== Infinity && (max > 1000 || max < min))) throw this.#error('a bad repetition');
    if (this.#match(/[*+?]/y) !== undefined) throw this.#error('a repetition of a repetition');
    return { kind: 'repeat', item, min, max, greedy: (lazy === undefined) !== this.#flags.U };
  }

  #single(): RegexTree | undefined {
    const flags = this.#match(/\(\?([imsU]*)(?:-([imsU]+))?\)/y);
    if (flags !== undefined) return void this.#setFlags(flags[1] ?? '', flags[2] ?? '');
    const c = this.#match(/[\s\S]/uy)?.[0] ?? '';
    const { m, s } = this.#flags;
    switch (c) {
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      case '.':
        return { kind: 'char', test: (one) => s || one !== '\n' };
      case '^':
        return { kind: 'assert', holds: (before) => before === '' || (m && before === '\n') };
      case '$':
        return { kind: 'assert', holds: (_, after) => after === '' || (m && after === '\n') };
      case '*':
      case '+':
      case '?':
        throw this.#error(`nothing to repeat before ${c}`);
      default:
        return this.#literal(c);
    }
  }

  #group(): RegexTree {
    if (++this.#depth > DEEPEST) throw this.#error('groups that are too deep inside each other');
    const outer = this.#flags;
    const plain = this.#match(/\?([imsU]*)(?:-([imsU]+))?:/y);
    const named = plain === undefined ? this.#match(/\?P?<(\w+)>/y) : undefined;
    if (plain === undefined && named === undefined && this.#text[this.#at] === '?') throw this.#error('an unknown kind of group');
    if (plain !== undefined) this.#setFlags(plain[1] ?? '', plain[2] ?? '');
    const index = plain === undefined ? ++this.groups : 0;
    if (named?.[1] !== undefined) this.names.set(named[1], index);
    const item = this.#either();
    if (!this.#take(')')) throw this.#error('a group that is not closed');
    this.#flags = outer;
    this.#depth--;
    return plain === undefined ? { kind: 'group', item, index } : item;
  }

  #setFlags(on: string, off: string): void {
    const flag = (name: keyof Flags): boolean => (this.#flags[name] || on.includes(name)) && !off.includes(name);
    this.#flags = { i: flag('i'), m: flag('m'), s: flag('s'), U: flag('U') };
  }

  #literal(c: string): RegexTree {
    if (!this.#flags.i) return { kind: 'char', test: (one) => one === c };
    return this.#ofClass(`[${classEscaped(c)}]`);
  }

  #escape(): RegexTree {
    const found = this.#match(/[pP](?:\{\^?\w+\}|\w)|x(?:[\da-fA-F]{2}|\{[\da-fA-F]{1,6}\})|[0-7]{3}|[\s\S]/uy)?.[0] ?? '';
    switch (found) {
      case 'b':
        return { kind: 'assert', holds: (before, after) => isWord(before) !== isWord(after) };
      case 'B':
        return { kind: 'assert', holds: (before, after) => isWord(before) === isWord(after) };
      case 'A':
        return { kind: 'assert', holds: (before) => before === '' };
      case 'z':
        return { kind: 'assert', holds: (_, after) => after === '' };
      default:
        return this.#ofClass(`[${this.#classPart(found)}]`);
    }
  }

  /** An escape as a part of a class of JavaScript's. */
  #classPart(escape: string): string {
    if (/^[dDwW]$/.test(escape)) return `\\${escape}`;
    if (escape === 's') return SPACES;
    if (escape === 'S') return '\\x0b\\u0000-\\u0008\\u000e-\\u001f!-\\u{10ffff}';
    const property = /^([pP])(?:\{(\^?)(\w+)\}|(\w))$/.exec(escape);
    if (property !== null) {
      const name = property[3] ?? property[4] ?? '';
      const isNegated = (property[1] === 'P') !== (property[2] === '^');
      return `\\${isNegated ? 'P' : 'p'}{${name.length <= 2 ? name : `Script=${name}`}}`;
    }
    const hex = /^x\{?([\da-fA-F]+)\}?$/.exec(escape)?.[1];
    if (hex !== undefined) return `\\u{${hex}}`;
    if (/^[0-7]{3}$/.test(escape)) return `\\u{${parseInt(escape, 8).toString(16)}}`;
    if (escape === 'a') return '\\u0007';
    if (/^[tnvfr]$/.test(escape)) return `\\${escape}`;
    if (escape === '' || /^[\w]$/.test(escape)) throw this.#error(`an unknown escape \\${escape}`);
    return classEscaped(escape);
  }

  #class(): RegexTree {
    let source = this.#take('^') ? '^' : '';
    for (let first = true; ; first = false) {
      const posix = this.#match(/\[:(\^?)(\w+):\]/y);
      if (posix !== undefined) {
        const set = POSIX[posix[2] ?? ''];
        if (set === undefined || posix[1] === '^') throw this.#error(`an unknown class ${posix[0]}`);
        source += set;
        continue;
      }
      const c = this.#match(/[\s\S]/uy)?.[0];
      if (c === undefined) throw this.#error('a class that is not closed');
      if (c === ']' && !first) return this.#ofClass(`[${source}]`);
      if (c === '\\') source += this.#classPart(this.#match(/[pP](?:\{\^?\w+\}|\w)|x(?:[\da-fA-F]{2}|\{[\da-fA-F]{1,6}\})|[0-7]{3}|[\s\S]/uy)?.[0] ?? '');
      else source += c === '-' && this.#isRange(source) ? '-' : classEscaped(c);
    }
  }

  /** Whether a `-` stands between two ends. */
  #isRange(before: string): boolean {
    return before !== '' && before !== '^' && this.#text[this.#at] !== ']';
  }

  /** A class of single characters, tested one character at a time, which takes the same time whatever the class is. */
  #ofClass(source: string): RegexTree {
    let regex: RegExp;
    try {
      regex = new RegExp(`^${source}$`, this.#flags.i ? 'iu' : 'u');
    } catch {
      throw this.#error(`a class that can't be read, ${source}`);
    }
    return { kind: 'char', test: (one) => regex.test(one) };
  }

  #take(c: string): boolean {
    if (this.#text[this.#at] !== c) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  #error(what: string): Error {
    return new Error(`${what} in the regular expression ${JSON.stringify(this.#text)}`);
  }
}

function classEscaped(c: string): string {
  return /[\\\]^[-]|[$()*+./?{|}]/.test(c) ? `\\${c}` : c;
}
