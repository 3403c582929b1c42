/** Runs a function of another module in another thread, for work that would hold up the caller's. */
export interface WorkerPool {
  /**
   * Imports the module in a thread, calls its export `run(input, signal)` and returns what that returns.
   * What crosses is cloned, or moved where `transfer` names it. Aborting stops the thread.
   * Rejects when the function throws or the thread dies.
   */
  run<Input, Output>(task: WorkerTask<Input>, signal: AbortSignal): Promise<Output>;
}

export interface WorkerTask<Input> {
  /** The module that exports `run`: `new URL('./compaction.worker.js', import.meta.url)`. */
  readonly module: URL;
  readonly input: Input;
  readonly transfer?: readonly ArrayBuffer[];
}
