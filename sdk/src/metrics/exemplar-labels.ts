import { isLegacyLabelName } from '../model/labels.js';
import { MAX_EXEMPLAR_CHARACTERS, MAX_LABEL_BYTES } from './exemplars.js';
import { formatLabels } from './label-text.js';

/** What names an example: `{ trace_id: '4bf92f35' }`. Names and values together have at most 128 characters. */
export type ExemplarLabels = Readonly<Record<string, string | number>>;

/** As OpenMetrics writes them. Throws a RangeError, or a TypeError, that names metric and label. */
export function exemplarText(metric: string, labels: ExemplarLabels): string {
  const names = Object.keys(labels);
  const values = names.map((name) => String(labels[name]));
  for (const name of names) {
    if (!isLegacyLabelName(name)) {
      throw new TypeError(`metric ${metric}: exemplar label name ${JSON.stringify(name)}, expected [a-zA-Z_][a-zA-Z0-9_]*`);
    }
  }
  const text = formatLabels(names, values);
  const characters = [...names, ...values].reduce((sum, part) => sum + [...part].length, 0);
  if (characters > MAX_EXEMPLAR_CHARACTERS || new TextEncoder().encode(text).length > MAX_LABEL_BYTES) {
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    throw new RangeError(`metric ${metric}: exemplar {${shown}} has ${characters} characters, expected at most ${MAX_EXEMPLAR_CHARACTERS}`);
  }
  return text;
}
