import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';

/**
 * Tells that something in some folders changed. Where the system can't tell, nothing is ever told, and whoever waits has
 * to look by itself now and then.
 */
export class FolderChanges {
  readonly #watchers = new Map<string, FSWatcher>();
  #hasChanged = false;
  #wake: (() => void) | undefined;

  /** Begins to watch a folder, unless it is watched already. */
  follow(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#note());
      watcher.on('error', () => this.#leave(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // There is no such folder now, or no watching on its disk.
    }
  }

  /** Resolves with the first change since the last call, and when the signal aborts. One waits at a time. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.#hasChanged && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    if (!signal.aborted) this.#hasChanged = false;
  }

  close(): void {
    for (const folder of [...this.#watchers.keys()]) this.#leave(folder);
  }

  #note(): void {
    this.#hasChanged = true;
    this.#wake?.();
  }

  #leave(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
