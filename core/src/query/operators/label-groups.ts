import type { Labels } from '@metrics-dashboard/sdk';

/** Which labels make a group: only the named ones, or all but those. */
export interface GroupedBy {
  readonly without: boolean;
  readonly labels: readonly string[];
}

/** Where label sets that agree so far part: by the next label's value, or by its name and then its value. */
interface Node {
  group: number;
  readonly next: Map<string, Node>;
}

/** Numbers groups of label sets from 0. They are found by walking down their values: no text is made of any set. */
export class LabelGroups {
  /** The labels of each group. */
  readonly labels: Labels[] = [];
  readonly #without: boolean;
  readonly #names: readonly string[];
  readonly #set: ReadonlySet<string>;
  readonly #root = newNode();

  constructor({ without, labels }: GroupedBy) {
    this.#without = without;
    this.#set = new Set(labels);
    this.#names = [...this.#set];
  }

  /** The group of a label set. */
  groupOf(labels: Labels): number {
    const leaf = this.#without ? this.#walkAll(labels) : this.#walkNamed(labels);
    if (leaf.group < 0) leaf.group = this.labels.push(this.#without ? labels.without(this.#set) : labels.only(this.#set)) - 1;
    return leaf.group;
  }

  #walkNamed(labels: Labels): Node {
    let node = this.#root;
    for (const name of this.#names) node = below(node, labels.get(name));
    return node;
  }

  #walkAll(labels: Labels): Node {
    let node = this.#root;
    for (const { name, value } of labels) if (!this.#set.has(name)) node = below(below(node, name), value);
    return node;
  }
}

function newNode(): Node {
  return { group: -1, next: new Map() };
}

function below(node: Node, text: string): Node {
  let found = node.next.get(text);
  if (found === undefined) node.next.set(text, (found = newNode()));
  return found;
}
