import {
  AuthError,
  ConfigError,
  ConflictError,
  DeliveryError,
  LimitError,
  NotFoundError,
  ParseError,
  PermissionError,
  PluginError,
  QueryError,
  ScrapeError,
  StorageError,
  UnavailableError,
  messageOf,
} from '@metrics-dashboard/sdk';
import type { Logger, MetricsDashboardError } from '@metrics-dashboard/sdk';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';

/** What a client learns of an error. */
export interface ErrorView {
  /** `extensions.code` in GraphQL. */
  readonly code: string;
  /** Of an HTTP answer. */
  readonly status: number;
  /** For people; nothing internal is in it. */
  readonly message: string;
  /** Further facts: a position, a limit with its numbers. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Whether the cause is ours, or the operator's, to look into: then it is logged, and the client learns only that. */
  readonly isInternal: boolean;
}

/** Sorts whatever was thrown by who must act, and keeps what is internal to the house in the house. */
export function viewError(error: unknown): ErrorView {
  if (error instanceof ParseError) return view(error, 400, positionOf(error));
  if (error instanceof QueryError) return view(error, QUERY_STATUS[error.reason], { reason: error.reason, ...(error.path === undefined ? {} : { path: error.path }), ...positionOf(error) });
  if (error instanceof LimitError) return view(error, 422, { limit: error.limit, allowed: error.allowed, met: error.met });
  if (error instanceof ConflictError) return view(error, 409, { ...error.revisions, differences: error.differences });
  if (error instanceof NotFoundError) return view(error, 404);
  if (error instanceof UnavailableError) return view(error, 503, { retryAfter: error.retryAfter });
  if (error instanceof AuthError) return view(error, 401);
  if (error instanceof PermissionError) return view(error, 403);
  if (error instanceof ConfigError) return { ...view(error, 400, positionOf(error)), message: describeConfigError(error) };
  if (error instanceof DeliveryError) return view(error, 502, { retryable: error.retryable });
  if (error instanceof ScrapeError) return view(error, 502);
  if (error instanceof PluginError) return view(error, 500, { plugin: error.plugin });
  if (error instanceof StorageError) return internal(error.code, error.retryable ? 503 : 500, 'the storage can not do this now, the log of the server says why');
  if (isRequestError(error)) return { code: 'BAD_REQUEST', status: error.statusCode, message: error.message, facts: {}, isInternal: false };
  if (isAbort(error)) return { code: 'QUERY', status: 499, message: 'canceled', facts: { reason: 'canceled' }, isInternal: false };
  return internal('INTERNAL', 500, 'internal error, the log of the server says more');
}

/** `metrics-dashboard.yml:3:5: global.scrape_interval: "5x" is not a duration`: the parts that are known, and the causes. */
export function describeConfigError(error: ConfigError): string {
  const { file, position, path } = error;
  const place = file === undefined ? '' : `${file}${position ? `:${position.line}:${position.column}` : ''}: `;
  const message = messageOf(error);
  const at = path === undefined || path === '' || message.startsWith(path) ? '' : `${path}: `;
  return message.startsWith(place) && place !== '' ? message : place + at + message;
}

/**
 * An error of GraphQL as the client gets it: our errors with their code and facts, those of the language and of
 * arguments as the library wrote them, and of all others only that they happened; they are logged here.
 */
export function formatGraphQLError(formatted: GraphQLFormattedError, thrown: unknown, log: Logger): GraphQLFormattedError {
  const cause = rootCause(thrown);
  if (cause instanceof GraphQLError || cause === undefined) return withoutInternals(formatted, cause);
  const seen = viewError(cause);
  if (seen.isInternal) log.error('request failed', { path: formatted.path?.join('.'), error: cause });
  return {
    message: seen.message,
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
    extensions: { code: seen.code, ...seen.facts },
  };
}

const QUERY_STATUS = { bad_data: 400, execution: 422, timeout: 503, canceled: 499 } as const;

function view(error: MetricsDashboardError, status: number, facts: Readonly<Record<string, unknown>> = {}): ErrorView {
  return { code: error.code, status, message: messageOf(error), facts, isInternal: false };
}

function internal(code: string, status: number, message: string): ErrorView {
  return { code, status, message, facts: {}, isInternal: true };
}

function positionOf(error: ParseError | QueryError | ConfigError): Record<string, unknown> {
  return error.position ? { line: error.position.line, column: error.position.column } : {};
}

/** Errors of the HTTP library about a request, a body that is too large for one. */
function isRequestError(error: unknown): error is Error & { statusCode: number } {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** GraphQL wraps what a resolver throws, more than once where an operation could not begin. */
function rootCause(thrown: unknown): unknown {
  let cause = thrown;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

function withoutInternals(formatted: GraphQLFormattedError, cause: GraphQLError | undefined): GraphQLFormattedError {
  const { stacktrace: _left, ...extensions } = { ...formatted.extensions };
  const limited = cause?.extensions.code === 'LIMIT_EXCEEDED' ? cause.extensions : {};
  return { ...formatted, extensions: { ...extensions, ...limited } };
}
