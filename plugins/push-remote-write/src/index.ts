import { definePlugin, points } from '@metrics-dashboard/sdk';
import { remoteWriteParser } from './parser.js';

/** What other Prometheus servers and agents push: remote write 1.0 and 2.0, a snappy block with a protobuf message. */
export default definePlugin({
  id: 'push-remote-write',
  sdk: '^0.1.0',
  activate: () => [points.parser.of(remoteWriteParser)],
});
