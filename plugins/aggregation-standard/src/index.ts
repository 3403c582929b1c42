import { definePlugin, points } from '@metrics-dashboard/sdk';
import { avg } from './avg.js';
import { count, group } from './count.js';
import { max, min } from './extremes.js';
import { quantile } from './quantile.js';
import { sum } from './sum.js';
import { stddev, stdvar } from './variance.js';

/** The query language's own aggregations, on the contract everyone uses. */
export default definePlugin({
  id: 'aggregation-standard',
  sdk: '^0.1.0',
  activate: () => [sum, avg, min, max, count, group, stddev, stdvar, quantile].map((one) => points.aggregation.of(one)),
});
