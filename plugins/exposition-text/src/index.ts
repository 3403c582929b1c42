import { definePlugin, points } from '@metrics-dashboard/sdk';
import { textParser } from './parser.js';

/** The formats that targets are scraped in: text exposition 0.0.4 and OpenMetrics 1.0. */
export default definePlugin({
  id: 'exposition-text',
  sdk: '^0.1.0',
  activate: () => [points.parser.of(textParser)],
});
