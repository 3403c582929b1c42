import { definePlugin, points } from '@metrics-dashboard/sdk';
import { jsonPushParser } from './parser.js';

/** What short-lived jobs push as JSON. */
export default definePlugin({
  id: 'push-json',
  sdk: '^0.1.0',
  activate: () => [points.parser.of(jsonPushParser)],
});
