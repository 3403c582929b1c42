/** A label: one dimension of a series. */
export interface Label {
  readonly name: string;
  readonly value: string;
}

/** The label that holds the metric name. */
export const METRIC_NAME = '__name__';

/** Ends each name and value inside a key; where one occurs in a name or value it is escaped, so two label sets never share a key. */
const SEPARATOR = '\u0001';
const ESCAPE = '\u0002';

const LEGACY_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

// Not a static field: the compiler would initialise it with an alias of the class that has no value yet.
let empty: Labels | undefined;

/**
 * A label set: sorted by name (by UTF-16 code unit), immutable, without empty values, since to the
 * query language an empty value and a missing label are the same thing.
 */
export class Labels implements Iterable<Label> {
  readonly #labels: readonly Label[];
  #key: string | undefined;

  private constructor(sorted: readonly Label[]) {
    this.#labels = sorted;
  }

  /** The set without labels. */
  static get EMPTY(): Labels {
    return (empty ??= new Labels([]));
  }

  /** From pairs in any order. A later pair replaces an earlier one of the same name; empty values are left out. */
  static from(pairs: Iterable<readonly [name: string, value: string]>): Labels {
    const labels: Label[] = [];
    let last = '';
    let isSorted = true;
    for (const [name, value] of pairs) {
      // Names that come twice, and names without an order, are sorted out below.
      isSorted &&= name > last;
      last = name;
      labels.push({ name, value });
    }
    const kept = (isSorted ? labels : inOrder(labels)).filter(({ value }) => value !== '');
    return kept.length === 0 ? Labels.EMPTY : new Labels(kept);
  }

  /** From an object, `{ job: 'api' }`. */
  static of(record: Readonly<Record<string, string>>): Labels {
    return Labels.from(Object.entries(record));
  }

  get size(): number {
    return this.#labels.length;
  }

  /** The text that is equal for equal label sets and for no others. Made once, on demand. */
  get key(): string {
    return (this.#key ??= keyOf(this.#labels));
  }

  /** The metric name, `''` when there is none. */
  get metric(): string {
    return this.get(METRIC_NAME);
  }

  /** The value of a label, `''` when the set does not have it. */
  get(name: string): string {
    for (const label of this.#labels) if (label.name === name) return label.value;
    return '';
  }

  has(name: string): boolean {
    return this.get(name) !== '';
  }

  equals(other: Labels): boolean {
    return this === other || this.key === other.key;
  }

  /** Only the named labels. */
  only(names: ReadonlySet<string>): Labels {
    return this.#filtered((label) => names.has(label.name));
  }

  /** All but the named labels. */
  without(names: ReadonlySet<string>): Labels {
    return this.#filtered((label) => !names.has(label.name));
  }

  /** The same set without the metric name. */
  withoutMetric(): Labels {
    return this.has(METRIC_NAME) ? this.#filtered((label) => label.name !== METRIC_NAME) : this;
  }

  /** With some labels set or replaced; an empty value removes the label. */
  with(changes: Readonly<Record<string, string>>): Labels {
    return Labels.from([...this.pairs(), ...Object.entries(changes)]);
  }

  [Symbol.iterator](): Iterator<Label> {
    return this.#labels[Symbol.iterator]();
  }

  *pairs(): Generator<[name: string, value: string]> {
    for (const { name, value } of this.#labels) yield [name, value];
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(this.pairs());
  }

  /** `name{a="1",b="2"}`, as the query language writes it; names outside its alphabet are quoted. */
  toString(): string {
    const metric = this.metric;
    const bare = isLegacyMetricName(metric);
    const parts: string[] = metric !== '' && !bare ? [quote(metric)] : [];
    for (const { name, value } of this.#labels) {
      if (name === METRIC_NAME) continue;
      parts.push(`${isLegacyLabelName(name) ? name : quote(name)}=${quote(value)}`);
    }
    if (bare && parts.length === 0) return metric;
    return `${bare ? metric : ''}{${parts.join(',')}}`;
  }

  toJSON(): Record<string, string> {
    return this.toObject();
  }

  #filtered(keep: (label: Label) => boolean): Labels {
    const kept = this.#labels.filter(keep);
    if (kept.length === this.#labels.length) return this;
    return kept.length === 0 ? Labels.EMPTY : new Labels(kept);
  }
}

/** Sorted by name; of equal names the last one stays. */
function inOrder(labels: readonly Label[]): Label[] {
  const byName = new Map(labels.map((label) => [label.name, label]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Whether a label name is of the form `[a-zA-Z_][a-zA-Z0-9_]*`. */
export function isLegacyLabelName(name: string): boolean {
  return LEGACY_NAME.test(name);
}

/** Whether a metric name is of the form `[a-zA-Z_:][a-zA-Z0-9_:]*`. */
export function isLegacyMetricName(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
}

function keyOf(labels: readonly Label[]): string {
  let key = '';
  for (const { name, value } of labels) key += name + SEPARATOR + value + SEPARATOR;
  // Looked for once in the whole, since hardly any text has them.
  let separators = 0;
  for (let at = key.indexOf(SEPARATOR); at >= 0; at = key.indexOf(SEPARATOR, at + 1)) separators++;
  if (separators === 2 * labels.length && !key.includes(ESCAPE)) return key;
  return labels.map(({ name, value }) => escaped(name) + SEPARATOR + escaped(value) + SEPARATOR).join('');
}

function escaped(text: string): string {
  return text.replaceAll(ESCAPE, `${ESCAPE}0`).replaceAll(SEPARATOR, `${ESCAPE}1`);
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
