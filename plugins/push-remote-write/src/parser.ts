import { ParseError } from '@metrics-dashboard/sdk';
import type { EntrySink, ExpositionParser, Labels, ParserInput } from '@metrics-dashboard/sdk';
import { decodeLabels } from './labels.js';
import { uncompress } from './snappy-block.js';
import { parseWriteRequest } from './write-request.js';

/** Prometheus remote write 1.0. Source: https://prometheus.io/docs/specs/prw/remote_write_spec/. */
export const remoteWriteParser: ExpositionParser = {
  kind: 'push-remote-write',
  contentTypes: ['application/x-protobuf'],
  accept: [],
  parse({ body, contentType }: ParserInput, sink: EntrySink): void {
    const proto = /;\s*proto\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1];
    if (proto !== undefined && proto !== 'prometheus.WriteRequest') {
      throw new ParseError(`a message ${proto}, expected prometheus.WriteRequest of remote write 1.0`, { offset: 0 });
    }
    parseWriteRequest(uncompress(body), sink);
  },
  labels(key: Uint8Array, start: number, end: number): Labels {
    return decodeLabels(key, start, end);
  },
};
