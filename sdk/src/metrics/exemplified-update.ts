import type { ExemplarLabels } from './exemplar-labels.js';
import type { LabelValues } from './metric.js';

/** An update of a metric with `enableExemplars`. */
export interface ExemplifiedUpdate<Name extends string> {
  readonly labels?: LabelValues<Name>;
  readonly value?: number;
  readonly exemplarLabels?: ExemplarLabels;
}

/** Throws a TypeError that names the metric for an object of another form: its members would be lost. */
export function checkUpdate(metric: string, update: object): void {
  for (const member of Object.keys(update)) {
    if (member === 'labels' || member === 'value' || member === 'exemplarLabels') continue;
    throw new TypeError(`metric ${metric}: ${JSON.stringify(member)} in an update, expected labels, value and exemplarLabels, as its enableExemplars asks`);
  }
}
