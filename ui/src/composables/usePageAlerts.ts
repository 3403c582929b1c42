import { computed } from 'vue';
import { provideAlertSpans, spansOf } from '../charts/alert-spans.js';
import { AlertSpansDocument } from '../graphql/generated/graphql.js';
import { useNow } from './useNow.js';
import { useQuery } from './useQuery.js';
import type { TimeRangeState } from './useTimeRange.js';
import { instantsOf } from './useTimeRange.js';

/** Alerts that began so long before the range are still found. */
const before = 7 * 86_400_000;
const pace = 30_000;
const most = 1_000;

/** Has all charts of a page mark when alerts fired. It is looked up again twice a minute. */
export function providePageAlerts(time: TimeRangeState): void {
  const now = useNow(pace);
  const { data } = useQuery(AlertSpansDocument, () => {
    const { start, end } = instantsOf(time.bounds.value, now.value);
    return { start: start - before, end, limit: most };
  });
  provideAlertSpans(computed(() => spansOf(data.value?.alertHistory ?? [])));
}
