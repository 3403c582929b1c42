/**
 * The bound of a bucket, or the quantile of a summary, as the label `le` or `quantile` has it: the shortest decimal that
 * reads back the same, with an exponent below 1e-4 and from 1e6 on, and always recognisable as a float: `0.5`, `1.0`,
 * `1e+06`, `+Inf`. So one bound is one text, whatever format it came in.
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/#considerations-canonical-numbers.
 */
export function formatBound(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 6) return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text}.0`;
}
