/** A label: one dimension of a series. */
export interface Label {
  readonly name: string;
  readonly value: string;
}

/** The label that holds the metric name. */
export const METRIC_NAME = '__name__';

/** Ends each name and value inside a key; where one occurs in a name or value it is escaped, so two label sets never share a key. */
const SEPARATOR = '\uffff';
const ESCAPE = '\ufffe';

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
    const byName = new Map(pairs);
    const labels: Label[] = [];
    for (const [name, value] of byName) if (value !== '') labels.push({ name, value });
    if (labels.length === 0) return Labels.EMPTY;
    labels.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return new Labels(labels);
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
    if (this.#key === undefined) {
      let key = '';
      for (const { name, value } of this.#labels) key += keyPart(name) + SEPARATOR + keyPart(value) + SEPARATOR;
      this.#key = key;
    }
    return this.#key;
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

/** Whether a label name is of the form `[a-zA-Z_][a-zA-Z0-9_]*`. */
export function isLegacyLabelName(name: string): boolean {
  return LEGACY_NAME.test(name);
}

/** Whether a metric name is of the form `[a-zA-Z_:][a-zA-Z0-9_:]*`. */
export function isLegacyMetricName(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
}

function keyPart(text: string): string {
  if (!/[\ufffe\uffff]/.test(text)) return text;
  return text.replaceAll(ESCAPE, `${ESCAPE}0`).replaceAll(SEPARATOR, `${ESCAPE}1`);
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
