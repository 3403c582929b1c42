import type { EntrySink, ExpositionParser, Labels, ParserInput } from '@metrics-dashboard/sdk';
import { decodeKey } from './key.js';
import { parseOpenMetrics } from './openmetrics.js';
import { parseText } from './text.js';

/**
 * Text 0.0.4 and OpenMetrics. A key is the series as it stands in the body, `name{a="b"}`: targets write a series
 * the same way each time.
 */
export const textParser: ExpositionParser = {
  kind: 'exposition-text',
  contentTypes: ['application/openmetrics-text', 'text/plain'],
  accept: [
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6',
    'application/openmetrics-text;version=0.0.1;q=0.5',
    'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4',
    'text/plain;version=0.0.4;q=0.3',
  ],
  parse({ body, contentType }: ParserInput, sink: EntrySink): void {
    if (/^\s*application\/openmetrics-text\s*(;|$)/i.test(contentType)) parseOpenMetrics(body, sink);
    else parseText(body, sink);
  },
  labels(key: Uint8Array, start: number, end: number): Labels {
    return decodeKey(key, start, end);
  },
};
