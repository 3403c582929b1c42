import { ParseError, messageOf } from '@metrics-dashboard/sdk';
import type { EntrySink, ExpositionParser, Labels, ParserInput } from '@metrics-dashboard/sdk';
import { BodyReader } from './body.js';
import { FormError } from './form.js';
import { formatPath, placeOf, positionAt } from './json-place.js';
import { readKey } from './key.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON push: a body is of its form as a whole, or it is a `ParseError` with the path of what is wrong and its place.
 * What only one sample has wrong, such as a label that is no name, is found when its labels are read.
 */
export const jsonPushParser: ExpositionParser = {
  kind: 'push-json',
  contentTypes: ['application/vnd.metrics-dashboard.push+json'],
  accept: [],
  parse({ body }: ParserInput, sink: EntrySink): void {
    const text = textOf(body);
    try {
      new BodyReader(sink).read(documentOf(text));
    } catch (error) {
      if (!(error instanceof FormError)) throw error;
      throw new ParseError(`${formatPath(error.path)}: ${error.message}`, { position: placeOf(text, error.path) });
    }
  },
  labels(key: Uint8Array, start: number, end: number): Labels {
    return readKey(key, start, end);
  },
};

function textOf(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch (cause) {
    throw new ParseError('the body is not UTF-8', { offset: 0, cause });
  }
}

function documentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = messageOf(cause);
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
    throw new ParseError(`the body is not JSON: ${message}`, { position: positionAt(text, offset) });
  }
}
