import { RegexReader } from './regex-reader.js';
import type { CharTest, RegexTree } from './regex-reader.js';

type Step =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly holds: (before: string, after: string) => boolean }
  | { readonly op: 'match' };

const LONGEST = 10_000;
const MOST_STEPS = 20_000;
/** Steps times characters. */
const MOST_PLACES = 5_000_000;

/** A match: the places of the whole and of the groups, as `[from, to)` in characters; undefined for a group without a part in it. */
export type Match = readonly (readonly [from: number, to: number] | undefined)[];

/**
 * Regular expressions of templates, in RE2's syntax, for finding and replacing. A program of small steps is run with a
 * memory of which step was tried where, so that the time is at most the program's length times the text's, whatever the
 * expression is; of several ways to match, the first in Perl's order counts, as in RE2.
 */
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

function compile(tree: RegexTree): readonly Step[] {
  const program: Step[] = [];
  const emit = (step: Step): number => {
    if (program.length >= MOST_STEPS) throw new Error('a regular expression that repeats too much');
    return program.push(step) - 1;
  };
  const add = (node: RegexTree): void => {
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
  const addEither = (items: readonly RegexTree[]): void => {
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
  const addRepeat = ({ item, min, max, greedy }: Extract<RegexTree, { kind: 'repeat' }>): void => {
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
