import { ConfigError, MetricsDashboardError, messageOf } from '@metrics-dashboard/sdk';
import { describeConfigError } from '../errors.js';

/** What went wrong, in a line for each mistake, for who runs the server. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigError) return describeConfigError(error);
  if (error instanceof AggregateError) return error.errors.map(describeFailure).join('\n');
  return error instanceof MetricsDashboardError ? messageOf(error) : `unexpected: ${messageOf(error)}`;
}
