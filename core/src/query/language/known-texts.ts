/** Texts that are kept at most. */
const MOST_TEXTS = 512;
/** Longer texts are rare, and what is made of them is large. */
const LONGEST = 2000;

/** What was made of texts, for those that come again: of the latest few, and of short ones alone. What is kept must not change. */
export class KnownTexts<T> {
  /** In the order of their last use. */
  readonly #made = new Map<string, T>();

  get(text: string): T | undefined {
    const made = this.#made.get(text);
    if (made === undefined) return undefined;
    this.#made.delete(text);
    this.#made.set(text, made);
    return made;
  }

  keep(text: string, made: T): void {
    if (text.length > LONGEST) return;
    this.#made.set(text, made);
    if (this.#made.size <= MOST_TEXTS) return;
    for (const oldest of this.#made.keys()) {
      this.#made.delete(oldest);
      return;
    }
  }
}
