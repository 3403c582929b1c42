/** A set of code points: ranges and Unicode classes, perhaps negated, perhaps blind to case. */
export class CharSet {
  /** First and last code point of each range, one after the other. */
  readonly #ranges: number[] = [];
  readonly #classes: ((c: number) => boolean)[] = [];
  readonly #foldsCase: boolean;
  #negated = false;

  constructor(foldsCase: boolean) {
    this.#foldsCase = foldsCase;
  }

  addRange(first: number, last: number): this {
    this.#ranges.push(first, last);
    return this;
  }

  /** Adds all code points for which a claim is true. */
  addClass(holds: (c: number) => boolean): this {
    this.#classes.push(holds);
    return this;
  }

  negate(): this {
    this.#negated = !this.#negated;
    return this;
  }

  has(c: number): boolean {
    return this.#negated !== (this.#holds(c) || (this.#foldsCase && caseVariants(c).some((other) => this.#holds(other))));
  }

  #holds(c: number): boolean {
    const ranges = this.#ranges;
    for (let i = 0; i < ranges.length; i += 2) if (c >= (ranges[i] as number) && c <= (ranges[i + 1] as number)) return true;
    return this.#classes.some((holds) => holds(c));
  }
}

const WORD = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];

/** The ASCII classes: those of a letter after a backslash, and those of a name inside `[[:…:]]`. As ranges. */
export const ASCII_CLASSES: Readonly<Record<string, readonly number[]>> = {
  d: [0x30, 0x39],
  s: [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20],
  w: WORD,
  alnum: [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a],
  alpha: [0x41, 0x5a, 0x61, 0x7a],
  ascii: [0x00, 0x7f],
  blank: [0x09, 0x09, 0x20, 0x20],
  cntrl: [0x00, 0x1f, 0x7f, 0x7f],
  digit: [0x30, 0x39],
  graph: [0x21, 0x7e],
  lower: [0x61, 0x7a],
  print: [0x20, 0x7e],
  punct: [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e],
  space: [0x09, 0x0d, 0x20, 0x20],
  upper: [0x41, 0x5a],
  word: WORD,
  xdigit: [0x30, 0x39, 0x41, 0x46, 0x61, 0x66],
};

/** Whether a code point belongs to an ASCII class given as ranges. */
export function inRanges(ranges: readonly number[], c: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) if (c >= (ranges[i] as number) && c <= (ranges[i + 1] as number)) return true;
  return false;
}

export function isWordChar(c: number): boolean {
  return inRanges(WORD, c);
}

/** The code points of a Unicode general category or script, `Lu` or `Greek`; undefined for a name that is neither. */
export function unicodeClass(name: string): ((c: number) => boolean) | undefined {
  if (name === 'Any') return () => true;
  if (!/^[A-Za-z_]+$/.test(name)) return undefined;
  for (const property of [`gc=${name}`, `sc=${name}`]) {
    try {
      const regex = new RegExp(`^\\p{${property}}$`, 'u');
      return (c) => regex.test(String.fromCodePoint(c));
    } catch {
      // Not a name of this kind.
    }
  }
  return undefined;
}

/** Letters with more than two forms, one line each. */
const MORE_FORMS = ['kK\u212a', 'sS\u017f', 'åÅ\u212b', 'ωΩ\u2126', 'βΒ\u03d0', 'θΘ\u03d1\u03f4', 'μΜ\u00b5', 'πΠ\u03d6', 'σΣς'];

function caseVariants(c: number): readonly number[] {
  const text = String.fromCodePoint(c);
  const forms = MORE_FORMS.find((one) => one.includes(text));
  const variants = forms === undefined ? [text.toLowerCase(), text.toUpperCase()] : [...forms];
  return variants.flatMap((variant) => {
    const [first, ...more] = variant;
    // A form of more than one code point, as ß has, is no simple case folding.
    return first === undefined || more.length > 0 ? [] : [first.codePointAt(0) as number];
  });
}
