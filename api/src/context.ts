import type { App } from '@metrics-dashboard/core';
import type { Principal } from '@metrics-dashboard/sdk';

/** What every resolver is given: the program, who asks, and whether they still wait. */
export interface Context {
  readonly app: App;
  /** undefined: they have not said who they are, and anonymous visitors may do nothing. */
  readonly principal: Principal | undefined;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}
