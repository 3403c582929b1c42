/** Where in a text something stands; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

interface Cause {
  readonly cause?: unknown;
}

/**
 * The errors of the house, by who must act. Messages are lower case without a full stop, say what was met and
 * what was expected, and quote what users wrote.
 */
export abstract class MetricsDashboardError extends Error {
  abstract readonly code: string;
  override get name(): string {
    return this.constructor.name;
  }
}

/** Whoever runs the server must act: the configuration is wrong. */
export class ConfigError extends MetricsDashboardError {
  readonly code = 'CONFIG';
  readonly file: string | undefined;
  /** The place in the document, `scrape_configs[0].scrape_interval`. */
  readonly path: string | undefined;
  readonly position: Position | undefined;
  constructor(message: string, at: { file?: string; path?: string; position?: Position } & Cause = {}) {
    super(message, at);
    this.file = at.file;
    this.path = at.path;
    this.position = at.position;
  }
}

/** Whoever wrote the exposition, the push or the query must act: it can't be read. */
export class ParseError extends MetricsDashboardError {
  readonly code = 'PARSE';
  readonly position: Position | undefined;
  /** For binary formats: the byte at which reading stopped. */
  readonly offset: number | undefined;
  constructor(message: string, at: { position?: Position; offset?: number } & Cause = {}) {
    super(message, at);
    this.position = at.position;
    this.offset = at.offset;
  }
}

/** Whoever asked must act: the query can be read and makes no sense, or can't be answered. */
export class QueryError extends MetricsDashboardError {
  readonly code = 'QUERY';
  readonly reason: 'bad_data' | 'execution' | 'timeout' | 'canceled';
  /** Inside the expression. */
  readonly position: Position | undefined;
  /** Of something with parts, which one is meant: `levels[0].threshold`. */
  readonly path: string | undefined;
  constructor(
    message: string,
    at: { position?: Position | undefined; path?: string | undefined; reason?: 'bad_data' | 'execution' | 'timeout' | 'canceled' } & Cause = {},
  ) {
    super(message, at);
    this.position = at.position;
    this.path = at.path;
    this.reason = at.reason ?? 'bad_data';
  }
}

/** Whoever asked, or runs the server, must act: a limit was met. */
export class LimitError extends MetricsDashboardError {
  readonly code = 'LIMIT_EXCEEDED';
  constructor(
    /** The limit's name in the configuration, `limits.query_series`. */
    readonly limit: string,
    /** The limit's value. */
    readonly allowed: number,
    /** What was met; where counting stopped at the limit, the least it can be. */
    readonly met: number,
    message?: string,
    options?: Cause,
  ) {
    super(message ?? `${limit} is ${allowed}, met ${met}`, options);
  }
}

/** Whoever runs the server must act: samples can't be stored or read. */
export class StorageError extends MetricsDashboardError {
  readonly code = 'STORAGE';
  readonly file: string | undefined;
  readonly offset: number | undefined;
  /** Whether the sender should try again later: nothing was stored, and the cause may pass. */
  readonly retryable: boolean;
  constructor(message: string, at: { file?: string; offset?: number; retryable?: boolean } & Cause = {}) {
    super(message, at);
    this.file = at.file;
    this.offset = at.offset;
    this.retryable = at.retryable ?? false;
  }
}

/** For the sender: the server can't take or answer this now, and may be asked again. */
export class UnavailableError extends MetricsDashboardError {
  readonly code = 'UNAVAILABLE';
  constructor(
    message: string,
    /** When to try again, in milliseconds from now. */
    readonly retryAfter: number = 1000,
    options?: Cause,
  ) {
    super(message, options);
  }
}

/** For the notification pipeline: a channel could not deliver. */
export class DeliveryError extends MetricsDashboardError {
  readonly code = 'DELIVERY';
  /** How long the other side asks to be left alone, in milliseconds; undefined where it does not say. */
  readonly retryAfter: number | undefined;
  constructor(
    message: string,
    readonly retryable: boolean,
    options: Cause & { readonly retryAfter?: number | undefined } = {},
  ) {
    super(message, options);
    this.retryAfter = options.retryAfter;
  }
}

/** For who fetches a target: it did not answer as a target should. The message is for people. */
export class ScrapeError extends MetricsDashboardError {
  readonly code = 'SCRAPE';
}

/** Whoever asked must act: the credentials are wrong, or not enough. */
export class AuthError extends MetricsDashboardError {
  readonly code = 'UNAUTHENTICATED';
}

/** Whoever asked must act: they are known, and may not do this. */
export class PermissionError extends MetricsDashboardError {
  readonly code = 'FORBIDDEN';
}

/** Whoever asked must act: somebody else changed it meanwhile, and nothing was changed now. */
export class ConflictError extends MetricsDashboardError {
  readonly code = 'CONFLICT';
  constructor(
    message: string,
    /** The revision that the change was made on, and the one there is. */
    readonly revisions: { readonly expected: number; readonly met: number },
    /** What differs between the two, as paths with what stands there. */
    readonly differences: readonly string[] = [],
    options?: Cause,
  ) {
    super(message, options);
  }
}

/** Whoever asked must act: there is no such thing. */
export class NotFoundError extends MetricsDashboardError {
  readonly code = 'NOT_FOUND';
}

/** The plugin's author must act. */
export class PluginError extends MetricsDashboardError {
  readonly code = 'PLUGIN';
  constructor(
    /** The plugin's id, or its specifier when it could not be read. */
    readonly plugin: string,
    message: string,
    options?: Cause,
  ) {
    super(`plugin ${plugin}: ${message}`, options);
  }
}

/** We must act: something that can't be happened. */
export class InvariantError extends MetricsDashboardError {
  readonly code = 'INTERNAL';
}

/** The message of whatever was thrown, with its causes, as one line: `open block 01HX: read index: checksum differs`. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `: ${messageOf(error.cause)}`;
  return error.message + cause;
}
