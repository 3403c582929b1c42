import type { Duration, Notification, Timestamp } from '@metrics-dashboard/sdk';

/** What a channel was last told of a group: the keys of the alerts. */
export interface LastTold {
  readonly at: Timestamp;
  readonly firing: ReadonlySet<string>;
  readonly resolved: ReadonlySet<string>;
}

/** What there would be to tell now. */
export interface ToTell {
  readonly firing: ReadonlySet<string>;
  readonly resolved: ReadonlySet<string>;
}

/** Why nothing is told. */
export type Stillness = 'nothing-to-tell' | 'nothing-new' | 'only-resolved-unknown';

export type Decision =
  | { readonly notify: true; readonly reason: Exclude<Notification['reason'], 'test'> }
  | { readonly notify: false; readonly reason: Stillness };

/**
 * To notify or not, and the reason: the first question that is answered with yes decides.
 *
 *   never told anything, and something fires?            first
 *   told before, all was over, something fires?          first
 *   something fires that it was not told of?             new-alerts
 *   nothing fires, and it thinks that something does?    all-resolved
 *   told of resolves, and something more has resolved?   some-resolved
 *   told longer ago than the repeat interval?            repeat
 *
 * What nobody was told to be firing is never told to be resolved.
 */
export function decide(last: LastTold | undefined, now: ToTell, at: Timestamp, options: { sendsResolved: boolean; repeatInterval: Duration }): Decision {
  const { firing, resolved } = now;
  if (firing.size === 0 && resolved.size === 0) return still('nothing-to-tell');
  if (last === undefined || (last.firing.size === 0 && firing.size > 0)) {
    return firing.size > 0 ? notify('first') : still('only-resolved-unknown');
  }
  if (!isSubset(firing, last.firing)) return notify('new-alerts');
  if (firing.size === 0) return last.firing.size > 0 ? notify('all-resolved') : still('only-resolved-unknown');
  if (options.sendsResolved && !isSubset(resolved, last.resolved)) return notify('some-resolved');
  return last.at <= at - options.repeatInterval ? notify('repeat') : still('nothing-new');
}

function notify(reason: Exclude<Notification['reason'], 'test'>): Decision {
  return { notify: true, reason };
}

function still(reason: Stillness): Decision {
  return { notify: false, reason };
}

function isSubset(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  for (const one of some) if (!all.has(one)) return false;
  return true;
}
