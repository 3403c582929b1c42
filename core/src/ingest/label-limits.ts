import { LimitError } from '@metrics-dashboard/sdk';
import type { Labels } from '@metrics-dashboard/sdk';

/** What the labels of a scraped series may be, the metric's name among them; 0 is no limit. Lengths are bytes. */
export interface LabelLimits {
  readonly count: number;
  readonly nameLength: number;
  readonly valueLength: number;
}

export const NO_LABEL_LIMITS: LabelLimits = { count: 0, nameLength: 0, valueLength: 0 };

/** Throws a `LimitError` that names the limit and the series. */
export function assertLabelLimits(labels: Labels, { count, nameLength, valueLength }: LabelLimits): void {
  const check = (limit: string, allowed: number, met: number, of: string): void => {
    if (allowed > 0 && met > allowed) {
      throw new LimitError(limit, allowed, met, `${limit} is ${allowed}, met ${met} ${of} of the series ${shown(labels)}`);
    }
  };
  check('label_limit', count, labels.size, 'labels');
  if (nameLength === 0 && valueLength === 0) return;
  for (const { name, value } of labels) {
    check('label_name_length_limit', nameLength, Buffer.byteLength(name), 'bytes in a label name');
    check('label_value_length_limit', valueLength, Buffer.byteLength(value), `bytes in the value of ${JSON.stringify(name)}`);
  }
}

function shown(labels: Labels): string {
  const text = labels.toString();
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
