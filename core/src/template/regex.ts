/**
 * Regular expressions of templates, in RE2's syntax, for finding and replacing. A program of small steps is run with a
 * memory of which step was tried where, so that the time is at most the program's length times the text's, whatever the
 * expression is; of several ways to match, the first in Perl's order counts, as in RE2.
 */

type CharTest = (character: string) => boolean;

type Step =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly holds: (before: string, after: string) => boolean }
  | { readonly op: 'match' };

type Tree =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'sequence' | 'either'; readonly items: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly item: Tree; readonly min: number; readonly max: number; readonly greedy: boolean }
  | { readonly kind: 'group'; readonly item: Tree; readonly index: number }
  | { readonly kind: 'assert'; readonly holds: (before: string, after: string) => boolean };

const LONGEST = 10_000;
const MOST_STEPS = 20_000;
/** Steps times characters. */
const MOST_PLACES = 5_000_000;

/** A match: the places of the whole and of the groups, as `[from, to)` in characters; undefined for a group without a part in it. */
export type Match = readonly (readonly [from: number, to: number] | undefined)[];

export class SafeRegex {
  readonly #program: readonly Step[];
  readonly #names: ReadonlyMap<string, number>;
  readonly #groups: number;

  /** Throws an error that says what is wrong with the expression. */
  constructor(expression: string) {
    if (expression.length > LONGEST) throw new Error(`a regular expression of ${expression.length} characters, expected at most ${LONGEST}`);
    const reader = new RegexReader(expression);
    const tree = reader.read();
    this.#names = reader.names;
    this.#groups = reader.groups;
    this.#program = compile(tree);
  }

  test(text: string): boolean {
    const characters = [...text];
    return this.#search(characters, 0, this.#memoryFor(characters)) !== undefined;
  }

  /** As Go's `ReplaceAllString`: `$1`, `${1}` and `${name}` in the replacement are groups, `$$` is a dollar. */
  replaceAll(text: string, replacement: string): string {
    const characters = [...text];
    const memory = this.#memoryFor(characters);
    const parts: string[] = [];
    let from = 0;
    let at = 0;
    while (at <= characters.length) {
      const match = this.#search(characters, at, memory);
      const whole = match?.[0];
      if (match === undefined || whole === undefined) break;
      const [start, end] = whole;
      // An empty match right behind the one before is none.
      const counts = end > start || start > from || parts.length === 0;
      if (counts) parts.push(characters.slice(from, start).join(''), this.#expand(replacement, characters, match));
      if (counts) from = end;
      at = end > start ? end : end + 1;
    }
    return parts.join('') + characters.slice(from).join('');
  }

  #expand(template: string, characters: readonly string[], match: Match): string {
    return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
      const name = braced ?? bare;
      if (name === undefined) return '$';
      const index = /^\d+$/.test(name) ? Number(name) : this.#names.get(name);
      const place = index === undefined ? undefined : match[index];
      return place === undefined ? '' : characters.slice(place[0], place[1]).join('');
    });
  }

  #memoryFor(characters: readonly string[]): Memory {
    const places = this.#program.length * (characters.length + 1);
    if (places > MOST_PLACES) throw new Error(`a text of ${characters.length} characters is too long for this regular expression`);
    return { searches: new Uint32Array(places), search: 0 };
  }

  /** The first match from a place on. */
  #search(characters: readonly string[], from: number, memory: Memory): Match | undefined {
    memory.search++;
    for (let start = from; start <= characters.length; start++) {
      const slots = this.#matchAt(characters, start, memory);
      if (slots !== undefined) return Array.from({ length: this.#groups + 1 }, (_, i) => placeOf(slots, i));
    }
    return undefined;
  }

  /** What was tried from an earlier start and led nowhere leads nowhere from this one either. */
  #matchAt(characters: readonly string[], start: number, memory: Memory): readonly number[] | undefined {
    const width = characters.length + 1;
    const stack: (readonly [step: number, at: number, slots: readonly number[]])[] = [[0, start, []]];
    for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
      const [index, at, slots] = thread;
      const place = index * width + at;
      if (memory.searches[place] === memory.search) continue;
      memory.searches[place] = memory.search;
      const step = this.#program[index];
      if (step === undefined) continue;
      if (step.op === 'match') return slots;
      if (step.op === 'char') {
        const character = characters[at];
        if (character !== undefined && step.test(character)) stack.push([index + 1, at + 1, slots]);
      } else if (step.op === 'split') stack.push([step.second, at, slots], [step.first, at, slots]);
      else if (step.op === 'jump') stack.push([step.to, at, slots]);
      else if (step.op === 'save') stack.push([index + 1, at, withSlot(slots, step.slot, at)]);
      else if (step.holds(characters[at - 1] ?? '', characters[at] ?? '')) stack.push([index + 1, at, slots]);
    }
    return undefined;
  }
}

/** Of each step and place, the last search in which it was tried. */
interface Memory {
  readonly searches: Uint32Array;
  search: number;
}

function placeOf(slots: readonly number[], group: number): readonly [number, number] | undefined {
  const [from, to] = [slots[group * 2], slots[group * 2 + 1]];
  return from === undefined || to === undefined ? undefined : [from, to];
}

function withSlot(slots: readonly number[], slot: number, at: number): readonly number[] {
  const changed = [...slots];
  changed[slot] = at;
  return changed;
}

function compile(tree: Tree): readonly Step[] {
  const program: Step[] = [];
  const emit = (step: Step): number => {
    if (program.length >= MOST_STEPS) throw new Error('a regular expression that repeats too much');
    return program.push(step) - 1;
  };
  const add = (node: Tree): void => {
    switch (node.kind) {
      case 'char':
        emit({ op: 'char', test: node.test });
        return;
      case 'assert':
        emit({ op: 'assert', holds: node.holds });
        return;
      case 'group':
        emit({ op: 'save', slot: node.index * 2 });
        add(node.item);
        emit({ op: 'save', slot: node.index * 2 + 1 });
        return;
      case 'sequence':
        node.items.forEach(add);
        return;
      case 'either':
        return addEither(node.items);
      case 'repeat':
        return addRepeat(node);
    }
  };
  const split = (at: number, greedy: boolean, to: number): void => {
    program[at] = greedy ? { op: 'split', first: at + 1, second: to } : { op: 'split', first: to, second: at + 1 };
  };
  const addEither = (items: readonly Tree[]): void => {
    const jumps: number[] = [];
    for (const [i, item] of items.entries()) {
      const isLast = i === items.length - 1;
      const at = isLast ? -1 : emit({ op: 'match' });
      add(item);
      if (isLast) continue;
      jumps.push(emit({ op: 'match' }));
      split(at, true, program.length);
    }
    for (const jump of jumps) program[jump] = { op: 'jump', to: program.length };
  };
  const addRepeat = ({ item, min, max, greedy }: Extract<Tree, { kind: 'repeat' }>): void => {
    for (let i = 0; i < min; i++) add(item);
    if (max === Infinity) {
      const at = emit({ op: 'match' });
      add(item);
      emit({ op: 'jump', to: at });
      split(at, greedy, program.length);
      return;
    }
    const splits: number[] = [];
    for (let i = min; i < max; i++) {
      splits.push(emit({ op: 'match' }));
      add(item);
    }
    for (const at of splits) split(at, greedy, program.length);
  };
  add({ kind: 'group', item: tree, index: 0 });
  emit({ op: 'match' });
  return program;
}

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

class RegexReader {
  readonly names = new Map<string, number>();
  groups = 0;
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #flags: Flags = { i: false, m: false, s: false, U: false };

  constructor(text: string) {
    this.#text = text;
  }

  read(): Tree {
    const tree = this.#either();
    if (this.#at < this.#text.length) throw this.#error('an unexpected )');
    return tree;
  }

  #either(): Tree {
    const items = [this.#sequence()];
    while (this.#take('|')) items.push(this.#sequence());
    return { kind: 'either', items };
  }

  #sequence(): Tree {
    const items: Tree[] = [];
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

  #repeated(item: Tree): Tree {
    const found = this.#match(/(?:([*+?])|\{(\d{1,4})(?:(,)(\d{1,4})?)?\})(\?)?/y);
    if (found === undefined) return item;
    const [, sign, least, comma, most, lazy] = found;
    const min = sign === undefined ? Number(least) : sign === '+' ? 1 : 0;
    const max = sign === undefined ? (comma === undefined ? min : most === undefined ? Infinity : Number(most)) : sign === '?' ? 1 : Infinity;
    if (min > 1000 || (max !== Infinity && (max > 1000 || max < min))) throw this.#error('a bad repetition');
    if (this.#match(/[*+?]/y) !== undefined) throw this.#error('a repetition of a repetition');
    return { kind: 'repeat', item, min, max, greedy: (lazy === undefined) !== this.#flags.U };
  }

  #single(): Tree | undefined {
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

  #group(): Tree {
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

  #literal(c: string): Tree {
    if (!this.#flags.i) return { kind: 'char', test: (one) => one === c };
    return this.#ofClass(`[${classEscaped(c)}]`);
  }

  #escape(): Tree {
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

  #class(): Tree {
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
  #ofClass(source: string): Tree {
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
