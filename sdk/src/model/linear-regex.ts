import { ParseError } from '../errors.js';
import { isWordChar, type CharSet } from './char-set.js';
import { parseRegex, type Assertion, type RegexNode } from './regex-syntax.js';

/** The largest program that an expression may become. */
const MAX_INSTRUCTIONS = 20_000;

/** Room for remembered steps of one expression; beyond it, everything is forgotten and found again. */
const MAX_REMEMBERED = 200_000;

/**
 * A test for texts that an expression matches as a whole, in time linear in the text's length whatever the expression.
 *
 * The expression becomes a program for a machine that is in many places at once (Thompson's construction). The set of
 * places after each code point is remembered as a state and so are the steps between states, so that after a few
 * texts a step is one look-up: an automaton that is built as far as the texts need it.
 * Source: https://swtch.com/~rsc/regexp/regexp1.html. A bad or oversized expression is a ParseError.
 */
export function linearRegex(expression: string): (text: string) => boolean {
  const machine = new Machine(compile(parseRegex(expression), expression));
  return (text) => machine.matches(text);
}

type Instruction =
  | { readonly op: 'set'; readonly set: CharSet; readonly next: number }
  | { readonly op: 'assertion'; readonly holds: Assertion; readonly next: number }
  | { readonly op: 'fork'; readonly targets: readonly number[] }
  | { readonly op: 'match' };

interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
}

/** The place of the instruction that ends every program. */
const MATCH = 0;

/** Builds from the end: each node is compiled knowing where to go on. */
function compile(root: RegexNode, expression: string): Program {
  const instructions: Instruction[] = [{ op: 'match' }];
  const emit = (instruction: Instruction): number => {
    if (instructions.length >= MAX_INSTRUCTIONS) {
      throw new ParseError(`regular expression ${JSON.stringify(expression.slice(0, 100))} is too large once its repetitions are written out`);
    }
    return instructions.push(instruction) - 1;
  };
  const build = (node: RegexNode, next: number): number => {
    switch (node.kind) {
      case 'set':
        return emit({ op: 'set', set: node.set, next });
      case 'assertion':
        return emit({ op: 'assertion', holds: node.holds, next });
      case 'sequence':
        return node.items.reduceRight((to, item) => build(item, to), next);
      case 'either':
        return emit({ op: 'fork', targets: node.items.map((item) => build(item, next)) });
      case 'repeat':
        return repeat(node.item, node.min, node.max, next);
    }
  };
  const repeat = (item: RegexNode, min: number, max: number, next: number): number => {
    let to = next;
    if (max === Infinity) {
      const targets = [next];
      to = emit({ op: 'fork', targets });
      targets.push(build(item, to));
    } else {
      for (let i = min; i < max; i++) to = emit({ op: 'fork', targets: [build(item, to), next] });
    }
    for (let i = 0; i < min; i++) to = build(item, to);
    return to;
  };
  const start = build(root, MATCH);
  return { instructions, start };
}

/** What an assertion can tell of a code point is its kind; each with one code point that stands for it. */
const EDGE = 0;
const REPRESENTATIVES = [-1, 0x61, 0x0a, 0x20];

function kindOf(c: number): number {
  return c === 0x0a ? 2 : isWordChar(c) ? 1 : 3;
}

/** The places the machine is in, and what kind of code point came before. */
interface State {
  readonly places: readonly number[];
  readonly before: number;
  /** Nothing that follows can match. */
  readonly isDead: boolean;
  /** The next states by code point, those of ASCII in a list. */
  readonly ascii: (State | undefined)[];
  readonly others: Map<number, State>;
  /** Where the machine gets to from here without reading, by the kind of the code point that follows. */
  readonly closures: (readonly number[] | undefined)[];
  /** Whether the text may end here; undefined until asked. */
  accepts: boolean | undefined;
}

class Machine {
  readonly #instructions: readonly Instruction[];
  readonly #startPlace: number;
  readonly #hasAssertions: boolean;
  /** For each place the number of the walk that came by last. */
  readonly #walks: Uint32Array;
  #walk = 0;
  readonly #stateByKey = new Map<string, State>();
  #remembered = 0;
  #start: State | undefined;

  constructor({ instructions, start }: Program) {
    this.#instructions = instructions;
    this.#startPlace = start;
    this.#hasAssertions = instructions.some(({ op }) => op === 'assertion');
    this.#walks = new Uint32Array(instructions.length);
  }

  matches(text: string): boolean {
    let state = (this.#start ??= this.#state([this.#startPlace], EDGE));
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) {
        state = state.ascii[unit] ?? this.#step(state, unit);
      } else {
        const c = text.codePointAt(i) as number;
        if (c > 0xffff) i++;
        state = state.others.get(c) ?? this.#step(state, c);
      }
      if (state.isDead) return false;
    }
    return (state.accepts ??= this.#closure(state, EDGE).includes(MATCH));
  }

  #step(state: State, c: number): State {
    const kind = this.#hasAssertions ? kindOf(c) : EDGE;
    const closure = this.#closure(state, kind);
    const places: number[] = [];
    this.#walk++;
    for (const place of closure) {
      const instruction = this.#instructions[place];
      if (instruction?.op === 'set' && instruction.set.has(c) && this.#comesBy(instruction.next)) places.push(instruction.next);
    }
    const next = this.#state(places, kind);
    if (c < 0x80) state.ascii[c] = next;
    else state.others.set(c, next);
    this.#remembered++;
    return next;
  }

  #closure(state: State, after: number): readonly number[] {
    return (state.closures[after] ??= this.#reach(state, after));
  }

  /** The places that read or match, reached from a state by forks and by assertions that hold. */
  #reach({ places, before }: State, after: number): readonly number[] {
    const reached: number[] = [];
    const open = [...places];
    this.#walk++;
    for (const place of places) this.#walks[place] = this.#walk;
    const go = (place: number): void => {
      if (this.#comesBy(place)) open.push(place);
    };
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const instruction = this.#instructions[place];
      if (instruction?.op === 'fork') instruction.targets.forEach(go);
      else if (instruction?.op !== 'assertion') reached.push(place);
      else if (instruction.holds(representative(before), representative(after))) go(instruction.next);
    }
    this.#remembered += reached.length;
    return reached;
  }

  /** Whether the present walk comes by a place for the first time. */
  #comesBy(place: number): boolean {
    if (this.#walks[place] === this.#walk) return false;
    this.#walks[place] = this.#walk;
    return true;
  }

  #state(places: number[], before: number): State {
    const key = `${before}:${places.sort((a, b) => a - b).join()}`;
    const known = this.#stateByKey.get(key);
    if (known !== undefined) return known;
    if (this.#remembered > MAX_REMEMBERED) {
      this.#stateByKey.clear();
      this.#start = undefined;
      this.#remembered = 0;
    }
    const state: State = { places, before, isDead: places.length === 0, ascii: [], others: new Map(), closures: [], accepts: undefined };
    this.#stateByKey.set(key, state);
    this.#remembered += STATE_COST + places.length;
    return state;
  }
}

/** What a state itself counts for, beside its places. */
const STATE_COST = 130;

function representative(kind: number): number {
  return REPRESENTATIVES[kind] as number;
}
