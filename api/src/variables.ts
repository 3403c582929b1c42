import { builtInValues, interpolate } from '@metrics-dashboard/core';
import type { App } from '@metrics-dashboard/core';
import type { Duration } from '@metrics-dashboard/sdk';
import type { VariableValueInput } from './types/dashboard.type.js';

export const VARIABLES = 'What is chosen for the variables of the query, `$name`. `$__interval`, `$__rate_interval` and `$__range` are always there.';

/** An expression with the variables' values in it, and those of the query's own form. Throws `ParseError` for one that can't stand where it is asked for. */
export function withVariables(app: App, expression: string, values: readonly VariableValueInput[] | null | undefined, shape: { step: Duration; range: Duration }): string {
  const { scrapeInterval } = app.config().global;
  return interpolate(expression, [...builtInValues({ ...shape, scrapeInterval }), ...(values ?? [])]);
}
