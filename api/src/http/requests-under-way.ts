import type { FastifyInstance, FastifyRequest } from 'fastify';
import { whenEnded } from './request-context.js';

/** Knows which requests have not been answered to their end, so that a server can stop when there are none. */
export class RequestsUnderWay {
  readonly #requests = new Set<FastifyRequest>();
  #whenNone: (() => void)[] = [];

  /** Watches the requests of all routes that are added after it. */
  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRequest', (request, reply, done) => {
      this.#requests.add(request);
      whenEnded(reply, () => this.#end(request));
      done();
    });
  }

  /** Resolves as soon as there are none, at once when there are none now. */
  none(): Promise<void> {
    if (this.#requests.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenNone.push(resolve));
  }

  #end(request: FastifyRequest): void {
    this.#requests.delete(request);
    if (this.#requests.size > 0) return;
    for (const resolve of this.#whenNone.splice(0)) resolve();
  }
}
