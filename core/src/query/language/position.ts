import { ParseError, QueryError } from '@metrics-dashboard/sdk';
import type { Position } from '@metrics-dashboard/sdk';

/** Line and column, from 1, of a character of the query's text. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/** `line:column`, as messages and annotations show it. */
export function formatPosition({ line, column }: Position): string {
  return `${line}:${column}`;
}

/** The text can't be read as a query. */
export function parseError(text: string, offset: number, message: string): ParseError {
  const position = positionAt(text, offset);
  return new ParseError(`${formatPosition(position)}: parse error: ${message}`, { position });
}

/** The text is a query of the language that this engine doesn't answer. */
export function notSupported(text: string, offset: number, what: string): QueryError {
  const position = positionAt(text, offset);
  return new QueryError(`${formatPosition(position)}: not supported: ${what}`, { position });
}
