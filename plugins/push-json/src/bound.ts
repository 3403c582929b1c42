/**
 * A bucket's boundary as the label `le` has it: the shortest decimal that reads back the same, with an exponent below
 * 1e-4 and from 1e6 on, and always recognisable as a float: `0.5`, `1.0`, `1e+06`, `+Inf`. So it is the very text that an
 * exposition in OpenMetrics has. Source: https://prometheus.io/docs/specs/om/open_metrics_spec/#considerations-canonical-numbers.
 */
export function formatBound(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return '0.0';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 6) return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
