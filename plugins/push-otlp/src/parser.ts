import { ParseError } from '@metrics-dashboard/sdk';
import type { EntrySink, ExpositionParser, Labels, ParserInput } from '@metrics-dashboard/sdk';
import { readJson } from './from-json.js';
import { readProtobuf } from './from-protobuf.js';
import { readKey } from './key.js';
import { Translator } from './translate.js';

const PROTOBUF = 'application/vnd.metrics-dashboard.otlp+protobuf';
const JSON_TYPE = 'application/vnd.metrics-dashboard.otlp+json';

/**
 * Metrics of OTLP. A parameter `promote` of the content type lists, encoded as in an address and separated by commas, the
 * attributes of a resource that become labels of its series. Source: https://opentelemetry.io/docs/specs/otlp/.
 */
export const otlpParser: ExpositionParser = {
  kind: 'push-otlp',
  contentTypes: [PROTOBUF, JSON_TYPE],
  accept: [],
  parse({ body, contentType }: ParserInput, sink: EntrySink): void {
    const translator = new Translator(sink, promotedOf(contentType));
    const isJson = contentType.toLowerCase().startsWith(JSON_TYPE);
    for (const resource of isJson ? readJson(body) : readProtobuf(body)) translator.offer(resource);
  },
  labels(key: Uint8Array, start: number, end: number): Labels {
    return readKey(key, start, end);
  },
};

function promotedOf(contentType: string): ReadonlySet<string> {
  const encoded = /;\s*promote=([^;\s]*)/.exec(contentType)?.[1] ?? '';
  try {
    return new Set(decodeURIComponent(encoded).split(',').filter((name) => name !== ''));
  } catch (cause) {
    throw new ParseError(`the parameter promote of the content type can't be read: ${encoded}`, { offset: 0, cause });
  }
}
