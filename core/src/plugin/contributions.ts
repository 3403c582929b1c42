import { ConfigError, PluginError } from '@metrics-dashboard/sdk';
import type { Contribution, PointName, PointTypes } from '@metrics-dashboard/sdk';

interface Offer {
  readonly value: PointTypes[PointName];
  readonly plugin: string;
}

/** What the plugins of one side offer, by point and name. */
export class Contributions {
  readonly #byPoint = new Map<PointName, Map<string, Offer>>();

  /** Takes over what one plugin offers, all of it or nothing. Throws a `PluginError` that names both plugins where two offer the same name. */
  add(plugin: string, contributions: readonly Contribution[]): void {
    for (const { point, name } of contributions) {
      const taken = this.#byPoint.get(point)?.get(name);
      if (taken) throw new PluginError(plugin, `offers the ${point} ${quoted(name)}, which plugin ${taken.plugin} offers already`);
    }
    for (const { point, name, value } of contributions) {
      const byName = this.#byPoint.get(point) ?? new Map<string, Offer>();
      this.#byPoint.set(point, byName.set(name, { value, plugin }));
    }
  }

  /** Throws a `ConfigError` that lists the known names when there is none of this one. */
  get<Point extends PointName>(point: Point, name: string): PointTypes[Point] {
    const found = this.find(point, name);
    if (found === undefined) {
      throw new ConfigError(`unknown ${point} ${quoted(name)}, known are ${this.names(point).join(', ') || 'none'}`);
    }
    return found;
  }

  find<Point extends PointName>(point: Point, name: string): PointTypes[Point] | undefined {
    // The map is keyed by point, so what it holds under one has that point's type.
    return this.#byPoint.get(point)?.get(name)?.value as PointTypes[Point] | undefined;
  }

  /** The plugin that offers a name. */
  ownerOf(point: PointName, name: string): string | undefined {
    return this.#byPoint.get(point)?.get(name)?.plugin;
  }

  all<Point extends PointName>(point: Point): readonly PointTypes[Point][] {
    return [...(this.#byPoint.get(point)?.values() ?? [])].map(({ value }) => value as PointTypes[Point]);
  }

  /** Sorted. */
  names(point: PointName): readonly string[] {
    return [...(this.#byPoint.get(point)?.keys() ?? [])].sort();
  }
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
