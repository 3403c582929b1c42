/**
 * Finds an item by the values of labels, a level for each label. Values that a program writes as constants are found
 * without a key that would have to be built and hashed for each update.
 */
export class ValueTree<Item> {
  /** Of this place, when no value follows. */
  item: Item | undefined;
  #next: Map<string, ValueTree<Item>> | undefined;

  /** One level down; undefined when there is nothing below. */
  child(value: string): ValueTree<Item> | undefined {
    return this.#next?.get(value);
  }

  /** `from`: how many of the values lead here. */
  set(values: readonly string[], item: Item, from = 0): void {
    const value = values[from];
    if (value === undefined) this.item = item;
    else this.#makeChild(value).set(values, item, from + 1);
  }

  #makeChild(value: string): ValueTree<Item> {
    this.#next ??= new Map();
    const known = this.#next.get(value);
    if (known !== undefined) return known;
    const made = new ValueTree<Item>();
    this.#next.set(value, made);
    return made;
  }
}
