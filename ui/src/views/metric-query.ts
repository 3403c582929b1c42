/** A query that says something about a metric of a type: counters as rates, histograms as a quantile, the rest as it is. */
export function queryOf(metric: string, type: string): string {
  const selector = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(metric) ? metric : `{${JSON.stringify(metric)}}`;
  switch (type) {
    case 'COUNTER':
      return `rate(${selector}[1m])`;
    case 'HISTOGRAM':
      return `histogram_quantile(0.95, sum by (le) (rate(${selector}_bucket[1m])))`;
    default:
      return selector;
  }
}
