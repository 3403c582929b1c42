import { createHash } from 'node:crypto';
import type { Labels } from '@metrics-dashboard/sdk';

/** The short name of an alert instance: 16 hexadecimal digits, equal for equal labels. */
export function fingerprintOf(labels: Labels): string {
  return createHash('sha256').update(labels.key).digest('hex').slice(0, 16);
}
