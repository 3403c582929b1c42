import { z } from 'zod';
import { defineKind, definePlugin, points } from '@metrics-dashboard/sdk';
import type { TargetDiscovery, TargetGroup } from '@metrics-dashboard/sdk';

/** Whether it is an address is judged after relabeling, which may still make one of it. */
const address = z.string().min(1);

const labelValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const staticGroup = z.strictObject({
  targets: z.array(address).default([]),
  labels: z.record(z.string().min(1), labelValue).default({}),
});

/** `static_configs`: groups of targets that share labels. */
const staticConfigs = z.array(staticGroup);

type StaticConfigs = z.infer<typeof staticConfigs>;

/** The discovery `static`: the targets that the configuration lists. */
export const staticDiscovery = defineKind<StaticConfigs, TargetDiscovery>({
  kind: 'static',
  config: staticConfigs,
  open: (groups) => new StaticDiscovery(groups),
});

export default definePlugin({
  id: 'discovery-static',
  sdk: '^0.1.0',
  activate: () => [points.discovery.of(staticDiscovery)],
});

class StaticDiscovery implements TargetDiscovery {
  readonly #groups: readonly TargetGroup[];

  constructor(groups: StaticConfigs) {
    this.#groups = groups.map(({ targets, labels }, i) => ({ source: `static_configs[${i}]`, targets, labels }));
  }

  /** The one set there is; the iteration stays open until the signal aborts, as nothing will change it. */
  async *watch(signal: AbortSignal): AsyncGenerator<readonly TargetGroup[]> {
    if (signal.aborted) return;
    yield this.#groups;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}
