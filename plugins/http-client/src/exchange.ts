import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** A whole answer; its body is as it was sent, compressed or not. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly chunks: readonly Uint8Array[];
  /** In all chunks. */
  readonly size: number;
}

/** What an exchange is told. */
export interface ExchangeOptions {
  readonly request: Dispatcher.DispatchOptions;
  /** Called for each piece of the body, with what came so far; throws to end the exchange. */
  readonly onData: (status: number, size: number, piece: number) => void;
  readonly signal: AbortSignal;
}

/**
 * One request and its answer, collected without a stream in between, which costs more than all else of a scrape.
 * Rejects with what `onData` throws, with the signal's reason, and with undici's own errors.
 */
export function exchange(dispatcher: Dispatcher, { request, onData, signal }: ExchangeOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let statusCode = 0;
    let headers: IncomingHttpHeaders = {};
    let size = 0;
    const chunks: Uint8Array[] = [];
    const stop = (): void => {
      reject(reasonOf(signal));
      controller?.abort(reasonOf(signal));
    };
    const end = (): void => signal.removeEventListener('abort', stop);
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: (started) => {
        controller = started;
        if (signal.aborted) started.abort(reasonOf(signal));
      },
      onResponseStart: (_, status, named) => {
        statusCode = status;
        headers = named;
      },
      onResponseData: (own, chunk) => {
        size += chunk.length;
        chunks.push(chunk);
        try {
          onData(statusCode, size, chunk.length);
        } catch (error) {
          chunks.length = 0;
          own.abort(error instanceof Error ? error : new Error(String(error)));
        }
      },
      onResponseEnd: () => {
        end();
        resolve({ statusCode, headers, chunks, size });
      },
      onResponseError: (_, error) => {
        end();
        reject(error);
      },
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) return stop();
    dispatcher.dispatch(request, handler);
  });
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}
