/** How much of documents is kept: a count, and the length of their texts together in UTF-16 code units. */
interface KeptDocuments {
  readonly documents: number;
  readonly length: number;
}

/**
 * The texts of documents that clients registered by the hash of their text, as Apollo Server keeps them: those used
 * last, within both bounds. One that is gone costs its next client a round more, and nothing else.
 */
export class PersistedDocuments {
  readonly #most: KeptDocuments;
  /** Oldest use first. */
  readonly #texts = new Map<string, string>();
  #length = 0;

  constructor(most: KeptDocuments) {
    this.#most = most;
  }

  async get(key: string): Promise<string | undefined> {
    const text = this.#texts.get(key);
    if (text === undefined) return undefined;
    this.#texts.delete(key);
    this.#texts.set(key, text);
    return text;
  }

  async set(key: string, text: string): Promise<void> {
    this.#remove(key);
    this.#texts.set(key, text);
    this.#length += text.length;
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= this.#most.documents && this.#length <= this.#most.length) return;
      this.#remove(oldest);
    }
  }

  async delete(key: string): Promise<boolean> {
    return this.#remove(key);
  }

  #remove(key: string): boolean {
    this.#length -= this.#texts.get(key)?.length ?? 0;
    return this.#texts.delete(key);
  }
}
