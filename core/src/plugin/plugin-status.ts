import type { PluginSide, PointName } from '@metrics-dashboard/sdk';

/** What became of one plugin on one side, for people. */
export interface PluginStatus {
  readonly id: string;
  /** As the configuration or the distribution names it. */
  readonly specifier: string;
  readonly version: string;
  readonly side: PluginSide;
  readonly state: 'active' | 'failed';
  /** Why it failed. */
  readonly error: string | undefined;
  readonly contributions: readonly { readonly point: PointName; readonly name: string }[];
}
