import { LimitError, ParseError } from '@metrics-dashboard/sdk';
import { uncompressSync } from 'snappy';

/** The largest message that is read, in bytes; senders write some hundred kilobytes. */
export const MOST_BYTES = 64 * 2 ** 20;

/**
 * The message in a snappy block. Its length is in the block's first bytes, and is looked at before there is room for it.
 * Source: https://github.com/google/snappy/blob/main/format_description.txt.
 */
export function uncompress(body: Uint8Array): Uint8Array {
  const length = uncompressedLength(body);
  if (length > MOST_BYTES) {
    const limit = new LimitError('the size of a remote write message', MOST_BYTES, length);
    throw new ParseError(`a message of ${length} bytes, expected at most ${MOST_BYTES}`, { offset: 0, cause: limit });
  }
  let message: Uint8Array | string;
  try {
    // Copied into the heap's own memory: three times as fast as a buffer that is to be given back, and freed in time.
    message = uncompressSync(body, { copyOutputData: true });
  } catch (cause) {
    throw new ParseError('the body is not a snappy block', { offset: 0, cause });
  }
  if (typeof message === 'string' || message.length !== length) throw new ParseError('the body is not a snappy block', { offset: 0 });
  return message;
}

function uncompressedLength(body: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = body[i];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length;
  }
  throw new ParseError(body.length === 0 ? 'the body is empty, expected a snappy block' : 'the body is not a snappy block', { offset: 0 });
}
