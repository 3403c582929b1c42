import { ParseError } from '@metrics-dashboard/sdk';
import { NEWLINE, SPACE, TAB } from './bytes.js';

/** How much of a body an error quotes, in bytes. */
const LONGEST_QUOTE = 40;

/** The error that says what stands at an offset of a body, and what was expected there. */
export function expectedAt(body: Uint8Array, offset: number, expected: string): ParseError {
  return failureAt(body, offset, `expected ${expected}, met ${metAt(body, offset)}`);
}

/** An error with the line and column of an offset; both are counted only now, when there is an error. The column counts bytes. */
export function failureAt(body: Uint8Array, offset: number, message: string): ParseError {
  const end = Math.min(offset, body.length);
  let line = 1;
  let start = 0;
  for (let i = 0; i < end; i++) {
    if (body[i] !== NEWLINE) continue;
    line++;
    start = i + 1;
  }
  return new ParseError(message, { position: { line, column: end - start + 1 } });
}

function metAt(body: Uint8Array, offset: number): string {
  if (offset >= body.length) return 'the end of the body';
  const first = body[offset];
  if (first === NEWLINE) return 'the end of the line';
  if (first === SPACE || first === TAB) return 'a blank';
  let end = offset;
  while (end < body.length && end - offset < LONGEST_QUOTE && !isBlank(body[end])) end++;
  return JSON.stringify(new TextDecoder().decode(body.subarray(offset, end)));
}

function isBlank(byte: number | undefined): boolean {
  return byte === NEWLINE || byte === SPACE || byte === TAB;
}
