import type { Transferable } from 'node:worker_threads';
import { UnavailableError } from '@metrics-dashboard/sdk';
import { fromWire, toWire } from './wire-error.js';
import type { WireError } from './wire-error.js';

/** What one thread asks of another: by name, what goes there and what comes back. Plain data, both. */
export type Calls<Names extends string = string> = Record<Names, { readonly input: unknown; readonly output: unknown }>;

/** The end of a port, as a `Worker` and a `MessagePort` have it. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

type Request =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'abort'; readonly id: number };

type Answer =
  | { readonly kind: 'done'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WireError };

/** What a handler answers; the buffers in `transfer` are moved. */
export interface Reply<Output> {
  readonly output: Output;
  readonly transfer?: readonly Transferable[];
}

export type Handlers<Offered extends Calls> = {
  readonly [Name in keyof Offered]: (input: Offered[Name]['input'], signal: AbortSignal) => Promise<Reply<Offered[Name]['output']>>;
};

/** Answers calls that come over a port, each with a signal that aborts when the caller's does. */
export function answerCalls<Offered extends Calls>(port: Port, handlers: Handlers<Offered>): void {
  const controllers = new Map<number, AbortController>();
  const answer = async (id: number, name: string, input: unknown): Promise<void> => {
    const controller = new AbortController();
    controllers.set(id, controller);
    try {
      const handler = handlers[name];
      if (handler === undefined) throw new TypeError(`no call is named ${name}`);
      const { output, transfer } = await handler(input, controller.signal);
      port.postMessage({ kind: 'done', id, output } satisfies Answer, transfer ?? []);
    } catch (error) {
      port.postMessage({ kind: 'failed', id, error: toWire(error) } satisfies Answer);
    } finally {
      controllers.delete(id);
    }
  };
  port.on('message', (message) => {
    // Only the calling end below writes to this port.
    const request = message as Request;
    if (request.kind === 'call') void answer(request.id, request.name, request.input);
    else if (request.kind === 'abort') controllers.get(request.id)?.abort();
  });
}

interface Pending {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly bytes: number;
  /** Whether the caller still waits. */
  isWanted: boolean;
}

export interface CallerLimits {
  /** The most calls that are not answered. */
  readonly calls: number;
  /** The most bytes of theirs. */
  readonly bytes: number;
}

/** The calling end of a port. Rejects with an `UnavailableError` when too much is unanswered. */
export class Caller<Offered extends Calls> {
  readonly #port: Port;
  readonly #limits: CallerLimits;
  readonly #pending = new Map<number, Pending>();
  #bytes = 0;
  #lastId = 0;
  #failure: (() => Error) | undefined;

  constructor(port: Port, limits: CallerLimits) {
    this.#port = port;
    this.#limits = limits;
    port.on('message', (message) => this.#settle(message as Answer));
  }

  /** How many calls are not answered. */
  get underWay(): number {
    return this.#pending.size;
  }

  /**
   * Asks the other thread. What stands in `transfer` is moved; `bytes` is how much the call weighs.
   * An aborted call rejects at once with the signal's reason, and the other thread is told.
   */
  call<Name extends keyof Offered & string>(
    name: Name,
    input: Offered[Name]['input'],
    { signal, transfer = [], bytes = 0 }: { signal?: AbortSignal; transfer?: readonly Transferable[]; bytes?: number } = {},
  ): Promise<Offered[Name]['output']> {
    const refusal = this.#refusal(bytes);
    if (refusal) return Promise.reject(refusal);
    if (signal?.aborted) return Promise.reject(asError(signal.reason));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      // Throws for what can't be cloned, and then nothing is under way.
      this.#port.postMessage({ kind: 'call', id, name, input } satisfies Request, transfer);
      const stop = signal === undefined ? undefined : this.#abortWith(id, signal);
      const pending: Pending = {
        resolve: (output) => {
          stop?.();
          resolve(output);
        },
        reject: (error) => {
          stop?.();
          reject(error instanceof Error ? error : asError(error));
        },
        bytes,
        isWanted: true,
      };
      this.#pending.set(id, pending);
      this.#bytes += bytes;
    });
  }

  /** The other thread is gone: every call that is not answered, and every one to come, rejects with such an error. */
  fail(error: () => Error): void {
    this.#failure = error;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#bytes = 0;
    for (const one of pending) if (one.isWanted) one.reject(error());
  }

  #refusal(bytes: number): Error | undefined {
    if (this.#failure) return this.#failure();
    const { calls, bytes: mostBytes } = this.#limits;
    if (this.#pending.size >= calls) return new UnavailableError(`${calls} requests are under way, try again later`);
    // One large body may pass when nothing else is under way.
    if (this.#bytes > 0 && this.#bytes + bytes > mostBytes) {
      return new UnavailableError(`requests of ${this.#bytes} bytes are under way, try again later`);
    }
    return undefined;
  }

  #abortWith(id: number, signal: AbortSignal): () => void {
    const onAbort = (): void => {
      const pending = this.#pending.get(id);
      if (pending === undefined) return;
      pending.isWanted = false;
      this.#port.postMessage({ kind: 'abort', id } satisfies Request);
      pending.reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    return () => signal.removeEventListener('abort', onAbort);
  }

  #settle(answer: Answer): void {
    const pending = answer.kind === 'done' || answer.kind === 'failed' ? this.#pending.get(answer.id) : undefined;
    if (pending === undefined) return;
    this.#pending.delete(answer.id);
    this.#bytes -= pending.bytes;
    if (!pending.isWanted) return;
    if (answer.kind === 'done') pending.resolve(answer.output);
    else pending.reject(fromWire(answer.error));
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
