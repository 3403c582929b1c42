import { definePlugin, points } from '@metrics-dashboard/sdk';
import { metricFamilyParser } from './metric-family.js';
import { otlpParser } from './parser.js';

/** What OpenTelemetry's exporters send over HTTP, metrics of OTLP in protobuf and in JSON; and what Prometheus' client libraries push in protobuf. */
export default definePlugin({
  id: 'push-otlp',
  sdk: '^0.1.0',
  activate: () => [points.parser.of(otlpParser), points.parser.of(metricFamilyParser)],
});
