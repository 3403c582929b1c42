import type { SampleVerdict } from '@metrics-dashboard/sdk';
import type { RefusalReason } from './delivery.js';

/** What a storage's verdict is to whoever sent the sample. */
export const REFUSAL_OF_VERDICT = {
  'too-old': 'too_old',
  duplicate: 'duplicate_timestamp',
} as const satisfies Record<Exclude<SampleVerdict, 'unknown-series'>, RefusalReason>;

/** Why a series may not begin so far behind the newest sample, for people. */
export function messageOfLateSeries(newest: number): string {
  return `the series would begin more than a day, and more than storage.out_of_order_window allows, before ${new Date(newest).toISOString()}, the newest sample that came on this road`;
}

/** Why a sample of this time was refused, for people. */
export function messageOfVerdict(reason: RefusalReason, at: number): string {
  const time = Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at);
  switch (reason) {
    case 'too_old':
      return `the sample of ${time} is older than storage.out_of_order_window allows`;
    case 'duplicate_timestamp':
      return `the series has another value at ${time}`;
    case 'too_far_in_future':
      return `the sample of ${time} is more than ten minutes in the future`;
    default:
      return reason;
  }
}
