import {
  AuthError,
  ConfigError,
  ConflictError,
  DeliveryError,
  InvariantError,
  LimitError,
  MetricsDashboardError,
  NotFoundError,
  ParseError,
  PermissionError,
  PluginError,
  QueryError,
  ScrapeError,
  StorageError,
  UnavailableError,
} from '@metrics-dashboard/sdk';

/** An error as it crosses a thread: a clone would lose its class and what the class carries. */
export interface WireError {
  readonly type: string;
  readonly message: string;
  /** Of errors that are not of the house, for the log. */
  readonly stack: string | undefined;
  /** The error's own fields, as far as they are plain. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: WireError | undefined;
}

/** The deepest chain of causes that crosses. */
const MOST_CAUSES = 8;

export function toWire(error: unknown, depth = 0): WireError {
  if (!(error instanceof Error)) {
    return { type: 'Error', message: String(error), stack: undefined, fields: {}, cause: undefined };
  }
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(error)) {
    if (name !== 'cause' && isPlain(value)) fields[name] = value;
  }
  return {
    type: error.name,
    message: error.message,
    stack: error instanceof MetricsDashboardError ? undefined : error.stack,
    fields,
    cause: error.cause === undefined || depth >= MOST_CAUSES ? undefined : toWire(error.cause, depth + 1),
  };
}

/** The error again, of its class where it is of the house. */
export function fromWire(wire: WireError): Error {
  const make = MAKERS[wire.type];
  const options = wire.cause === undefined ? {} : { cause: fromWire(wire.cause) };
  if (make !== undefined) return make(wire, options);
  const error = new Error(wire.message, options);
  error.name = wire.type;
  if (wire.stack !== undefined) error.stack = wire.stack;
  // A code is what callers tell the runtime's own errors apart by.
  return Object.assign(error, wire.fields);
}

type Make = (wire: WireError, options: { cause?: Error }) => Error;

const MAKERS: Readonly<Record<string, Make>> = {
  ConfigError: ({ message, fields }, options) => new ConfigError(message, { ...fields, ...options }),
  ParseError: ({ message, fields }, options) => new ParseError(message, { ...fields, ...options }),
  QueryError: ({ message, fields }, options) => new QueryError(message, { ...fields, ...options }),
  StorageError: ({ message, fields }, options) => new StorageError(message, { ...fields, ...options }),
  LimitError: ({ message, fields }, options) =>
    new LimitError(String(fields['limit']), Number(fields['allowed']), Number(fields['met']), message, options),
  UnavailableError: ({ message, fields }, options) => new UnavailableError(message, Number(fields['retryAfter']), options),
  DeliveryError: ({ message, fields }, options) => new DeliveryError(message, fields['retryable'] === true, options),
  // The constructor writes the plugin's name before the message.
  PluginError: ({ message, fields }, options) => {
    const plugin = String(fields['plugin']);
    const prefix = `plugin ${plugin}: `;
    return new PluginError(plugin, message.startsWith(prefix) ? message.slice(prefix.length) : message, options);
  },
  ScrapeError: ({ message }, options) => new ScrapeError(message, options),
  AuthError: ({ message }, options) => new AuthError(message, options),
  PermissionError: ({ message }, options) => new PermissionError(message, options),
  NotFoundError: ({ message }, options) => new NotFoundError(message, options),
  ConflictError: ({ message, fields }, options) => {
    const { expected, met } = Object(fields['revisions']) as Record<string, unknown>;
    return new ConflictError(message, { expected: Number(expected), met: Number(met) }, fields['differences'] as readonly string[], options);
  },
  InvariantError: ({ message }, options) => new InvariantError(message, options),
};

function isPlain(value: unknown): boolean {
  if (value === null || value === undefined) return value === undefined;
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value === 'object') return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
