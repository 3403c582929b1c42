import type { Transferable } from 'node:worker_threads';
import { UnavailableError } from '@metrics-dashboard/sdk';
import { GatheredCalls } from './gathered-calls.js';
import type { Gathering } from './gathered-calls.js';
import { fromWire, toWire } from './wire-error.js';
import type { WireError } from './wire-error.js';

/** What one thread asks of another: by name, what goes there and what comes back. Plain data, both. */
export type Calls<Names extends string = string> = Record<Names, { readonly input: unknown; readonly output: unknown }>;

/** The end of a port, as a `Worker` and a `MessagePort` have it. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

interface Call {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

type Request =
  | ({ readonly kind: 'call' } & Call)
  /** Answered together, when all are done. */
  | { readonly kind: 'calls'; readonly calls: readonly Call[] }
  | { readonly kind: 'abort'; readonly id: number };

type Answer =
  | { readonly kind: 'done'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WireError };

type Answers = Answer | { readonly kind: 'answers'; readonly answers: readonly Answer[] };

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
  const answerOf = async ({ id, name, input }: Call): Promise<{ readonly answer: Answer; readonly transfer: readonly Transferable[] }> => {
    const controller = new AbortController();
    controllers.set(id, controller);
    try {
      const handler = handlers[name];
      if (handler === undefined) throw new TypeError(`no call is named ${name}`);
      const { output, transfer = [] } = await handler(input, controller.signal);
      return { answer: { kind: 'done', id, output }, transfer };
    } catch (error) {
      return { answer: { kind: 'failed', id, error: toWire(error) }, transfer: [] };
    } finally {
      controllers.delete(id);
    }
  };
  const answerOne = async (call: Call): Promise<void> => {
    const { answer, transfer } = await answerOf(call);
    post(port, answer, transfer);
  };
  const answerAll = async (calls: readonly Call[]): Promise<void> => {
    const all = await Promise.all(calls.map(answerOf));
    try {
      port.postMessage({ kind: 'answers', answers: all.map(({ answer }) => answer) } satisfies Answers, all.flatMap(({ transfer }) => transfer));
    } catch {
      // One of them can't cross.
      for (const { answer, transfer } of all) post(port, answer, transfer);
    }
  };
  port.on('message', (message) => {
    // Only the calling end below writes to this port.
    const request = message as Request;
    if (request.kind === 'call') void answerOne(request);
    else if (request.kind === 'calls') void answerAll(request.calls);
    else if (request.kind === 'abort') controllers.get(request.id)?.abort();
  });
}

/** What can't cross is an answer, too. */
function post(port: Port, answer: Answer, transfer: readonly Transferable[]): void {
  try {
    port.postMessage(answer, transfer);
  } catch (error) {
    port.postMessage({ kind: 'failed', id: answer.id, error: toWire(error) } satisfies Answer);
  }
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

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly transfer?: readonly Transferable[];
  readonly bytes?: number;
  readonly canWait?: boolean;
}

/** The calling end of a port. Rejects with an `UnavailableError` when too much is unanswered. */
export class Caller<Offered extends Calls> {
  readonly #port: Port;
  readonly #limits: CallerLimits;
  readonly #pending = new Map<number, Pending>();
  readonly #gathered: GatheredCalls<Call>;
  #bytes = 0;
  #lastId = 0;
  #failure: (() => Error) | undefined;

  /** With a `gathering`, calls that can wait go together; those that can't, and what waits with them, go at once. */
  constructor(port: Port, limits: CallerLimits, gathering?: Gathering) {
    this.#port = port;
    this.#limits = limits;
    this.#gathered = new GatheredCalls(gathering, (calls, transfer) => this.#postAll(calls, transfer));
    port.on('message', (message) => {
      // Only the answering end above writes to this port.
      const answer = message as Answers;
      if (answer.kind === 'answers') for (const one of answer.answers) this.#settle(one);
      else this.#settle(answer);
    });
  }

  /** How many calls are not answered. */
  get underWay(): number {
    return this.#pending.size;
  }

  /**
   * Asks the other thread. What stands in `transfer` is moved; `bytes` is how much the call weighs; one that `canWait` does.
   * An aborted call rejects at once with the signal's reason, and the other thread is told.
   */
  call<Name extends keyof Offered & string>(
    name: Name,
    input: Offered[Name]['input'],
    { signal, transfer = [], bytes = 0, canWait = false }: CallOptions = {},
  ): Promise<Offered[Name]['output']> {
    const refusal = this.#refusal(bytes);
    if (refusal) return Promise.reject(refusal);
    if (signal?.aborted) return Promise.reject(asError(signal.reason));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
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
      this.#send({ id, name, input }, { transfer, bytes, canWait });
    });
  }

  /** In the order of the calls: none overtakes another. */
  #send(call: Call, { transfer, bytes, canWait }: Required<Omit<CallOptions, 'signal'>>): void {
    if (canWait && this.#gathered.add(call, transfer, bytes)) return;
    this.#gathered.go();
    this.#attempt([call.id], () => this.#port.postMessage({ kind: 'call', ...call } satisfies Request, transfer));
  }

  #postAll(calls: readonly Call[], transfer: readonly Transferable[]): void {
    this.#attempt(calls.map(({ id }) => id), () => this.#port.postMessage({ kind: 'calls', calls } satisfies Request, transfer));
  }

  /** What can't be cloned does not cross, and then nothing of it is under way. */
  #attempt(ids: readonly number[], send: () => void): void {
    try {
      send();
    } catch (error) {
      for (const id of ids) this.#take(id)?.reject(error);
    }
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
      this.#gathered.go();
      this.#port.postMessage({ kind: 'abort', id } satisfies Request);
      pending.reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    return () => signal.removeEventListener('abort', onAbort);
  }

  #settle(answer: Answer): void {
    const pending = answer.kind === 'done' || answer.kind === 'failed' ? this.#take(answer.id) : undefined;
    if (pending === undefined || !pending.isWanted) return;
    if (answer.kind === 'done') pending.resolve(answer.output);
    else pending.reject(fromWire(answer.error));
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    this.#bytes -= pending.bytes;
    return pending;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
