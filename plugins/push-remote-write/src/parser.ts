import { ParseError } from '@metrics-dashboard/sdk';
import type { EntrySink, ExpositionParser, Labels, ParserInput } from '@metrics-dashboard/sdk';
import { decodeLabels } from './labels.js';
import { uncompress } from './snappy-block.js';
import { parseWriteRequest } from './write-request.js';
import { parseWriteRequestV2 } from './write-request-v2.js';

/** The messages that are read, by the name that a sender gives in its content type; without a name it is the first. */
const MESSAGES: ReadonlyMap<string, (message: Uint8Array, sink: EntrySink) => void> = new Map([
  ['prometheus.WriteRequest', parseWriteRequest],
  ['io.prometheus.write.v2.Request', parseWriteRequestV2],
]);

/** Prometheus remote write 1.0 and 2.0. Source: https://prometheus.io/docs/specs/prw/remote_write_spec/, …/remote_write_spec_2_0/. */
export const remoteWriteParser: ExpositionParser = {
  kind: 'push-remote-write',
  contentTypes: ['application/x-protobuf'],
  accept: [],
  parse({ body, contentType }: ParserInput, sink: EntrySink): void {
    const proto = /;\s*proto\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1] ?? 'prometheus.WriteRequest';
    const parse = MESSAGES.get(proto);
    if (parse === undefined) throw new ParseError(`a message ${proto}, expected ${[...MESSAGES.keys()].join(' or ')}`, { offset: 0 });
    parse(uncompress(body), sink);
  },
  labels(key: Uint8Array, start: number, end: number): Labels {
    return decodeLabels(key, start, end);
  },
};
