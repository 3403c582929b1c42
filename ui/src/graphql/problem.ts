import { ApolloError } from '@apollo/client/core';

/** What went wrong, for `PanelFrame` and the query editor. */
export interface Problem {
  readonly message: string;
  /** The code of surface errors, such as `PARSE_ERROR` or `LIMIT_EXCEEDED`; empty when none was given. */
  readonly code: string;
  /** Where in the expression, counted from 1. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** What the viewer can do about it. */
  readonly advice: string;
}

/** A problem from any error that a query, a subscription or the network can end with. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Error && 'statusCode' in error) return networkProblem(error);
  if (!(error instanceof ApolloError)) return problem(error instanceof Error ? error.message : String(error), '', {});
  const [first] = error.graphQLErrors;
  if (first !== undefined) return problem(first.message, text(first.extensions?.code), first.extensions ?? {});
  return error.networkError === null ? problem(error.message, '', {}) : networkProblem(error.networkError);
}

/** A problem with the code that the server gave it. */
export function problem(message: string, code: string, extensions: Readonly<Record<string, unknown>>): Problem {
  const written = /\b(?:line )?(\d+)[:,](?: column )?\s*(\d+)\b/.exec(message);
  const isQuery = code === '' || /PARSE|QUERY|BAD/.test(code);
  return {
    // The place is shown by its own fields.
    message: isQuery ? message.replace(/^\d+:\d+: /, '') : message,
    code,
    line: number(extensions.line) ?? (isQuery ? number(written?.[1]) : undefined),
    column: number(extensions.column) ?? (isQuery ? number(written?.[2]) : undefined),
    advice: adviceFor(code),
  };
}

/** Whether the problem may be gone by itself after a while. */
export function mayPass({ code }: Problem): boolean {
  return code === 'UNREACHABLE' || code === 'UNAVAILABLE';
}

function networkProblem(error: Error): Problem {
  const result: unknown = 'result' in error ? error.result : undefined;
  const inner = firstError(result);
  if (inner !== undefined) return problem(inner.message, text(inner.extensions?.code), inner.extensions ?? {});
  const status = 'statusCode' in error ? number(error.statusCode) : undefined;
  if (status !== undefined) return problem(`the server answered with status ${status}`, statusCode(status), {});
  return problem('the server does not answer', 'UNREACHABLE', {});
}

interface WireError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

function firstError(result: unknown): WireError | undefined {
  if (typeof result !== 'object' || result === null || !('errors' in result) || !Array.isArray(result.errors)) return undefined;
  const first: unknown = result.errors[0];
  return isWireError(first) ? first : undefined;
}

function isWireError(value: unknown): value is WireError {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}

function statusCode(status: number): string {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'FORBIDDEN';
  return status === 503 || status === 429 ? 'UNAVAILABLE' : '';
}

function adviceFor(code: string): string {
  if (/LIMIT/.test(code)) return 'Ask for less: a shorter range, fewer series, or an aggregation such as sum by (job).';
  if (/UNAUTH|FORBIDDEN|AUTH/.test(code)) return 'This account may not read this. Ask whoever runs the server for access.';
  if (/UNREACHABLE|UNAVAILABLE/.test(code)) return 'Check that the server runs; the page tries again by itself.';
  if (/PARSE|QUERY|BAD/.test(code)) return 'Correct the expression and run it again.';
  return 'Try again; if it stays, the server’s log says more.';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | undefined {
  const read = typeof value === 'string' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}
