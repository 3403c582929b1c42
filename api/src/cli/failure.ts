import { ConfigError, MetricsDashboardError, messageOf } from '@metrics-dashboard/sdk';
import { describeConfigError } from '../errors.js';

/**
 * What went wrong, for who runs the server. Of an error that nobody foresaw the stack is what can be worked with, but it
 * is in the log at level `debug`; people get the message.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigError) return describeConfigError(error);
  if (error instanceof AggregateError) return error.errors.map(describeFailure).join('\n');
  return error instanceof MetricsDashboardError ? messageOf(error) : `unexpected: ${messageOf(error)}`;
}
