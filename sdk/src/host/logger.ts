/** A log line is a message in lower case without values, and the values as fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose every line also carries these fields. */
  with(fields: LogFields): Logger;
}

/** Values that can be printed; an `error` field may hold an Error, which is written with its causes. */
export type LogFields = Readonly<Record<string, unknown>>;
