import type { Position } from '@metrics-dashboard/sdk';

/** Where something stands in the configuration, for errors that are found later than at reading. Plain data. */
export interface ConfigPlace {
  readonly file: string | undefined;
  /** `scrape_configs[0].static_configs` */
  readonly path: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** Where each part of it stands, by its path from here, `targets[1]`. */
  readonly parts?: Readonly<Record<string, Position>>;
}

/** A kind that the configuration names, with a configuration its plugin's schema has yet to check. Plain data: it may cross a thread. */
export interface NamedConfig {
  readonly kind: string;
  readonly config: unknown;
  readonly at: ConfigPlace;
}

/** One plugin to load: of the distribution, or of `plugins:`. Plain data: it may cross a thread. */
export interface PluginConfig {
  /** A package's name; or a path to a folder or a file, which starts with `.` or `/`. */
  readonly specifier: string;
  /** The `file:` URL that the specifier is resolved from, as an import in that file would be. */
  readonly from: string;
  readonly config: unknown;
  readonly at: ConfigPlace;
}

/** What happens when a plugin throws, hangs, clashes or does not fit: the start ends, or goes on without it. */
export type PluginPolicy = 'abort' | 'continue';
