import { messageOf } from '@metrics-dashboard/sdk';
import type { ConfigPlace } from '../plugin/plugin-config.js';
import type { Config } from './config.js';

/** A change that is ready to be put in force; one of the two is called, once. */
export interface Prepared {
  /** Does not fail: what could, was done before. */
  commit(): void | Promise<void>;
  discard(): void | Promise<void>;
}

/** What acts on a part of the configuration, and can take another one while it runs. */
export interface ConfigSection {
  /** For people: `scrape_configs`. */
  readonly name: string;
  /** Opens what the new configuration needs beside what is in force. Rejects with a `ConfigError`, and then nothing has changed. */
  prepare(config: Config): Promise<Prepared>;
}

/**
 * Puts a configuration in force, section by section, all of them or none: everything is opened first, and what was opened
 * is discarded when any section refuses.
 */
export async function applyConfig(config: Config, sections: readonly ConfigSection[]): Promise<void> {
  const prepared: Prepared[] = [];
  try {
    for (const section of sections) prepared.push(await section.prepare(config));
  } catch (error) {
    await discardAll(prepared, error);
    throw error;
  }
  for (const change of prepared) await change.commit();
}

/** What of a new configuration can't be put in force while the program runs, for people, with its place. */
function needRestart(before: Config, after: Config): string[] {
  const found: string[] = [];
  if (!isSame(before.storage, after.storage)) found.push(warning(after.storage.backend.at, 'storage'));
  if (!isSame(before.plugins, after.plugins)) found.push(warning(after.plugins[0]?.at, 'plugins'));
  return found;
}

/** The new configuration with what can't be put in force left as it was, and said so among its warnings. */
export function withoutRestart(before: Config, after: Config): Config {
  return { ...after, storage: before.storage, plugins: before.plugins, warnings: [...after.warnings, ...needRestart(before, after)] };
}

/** Whether two parts of a configuration say the same, wherever they stand. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, withoutPlaces) === JSON.stringify(b, withoutPlaces);
}

function withoutPlaces(key: string, value: unknown): unknown {
  const isPlace = key === 'at' && typeof value === 'object' && value !== null && 'path' in value && 'line' in value;
  return isPlace ? undefined : value;
}

function warning(place: ConfigPlace | undefined, section: string): string {
  const where = [place?.file, place?.line].filter((part) => part !== undefined).join(':');
  return `${where === '' ? '' : `${where}: `}${section}: has changed, and takes effect with the next start`;
}

async function discardAll(prepared: readonly Prepared[], cause: unknown): Promise<void> {
  const outcomes = await Promise.allSettled(prepared.map(async (change) => change.discard()));
  const [failed] = outcomes.filter((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw new AggregateError([cause, failed.reason], `${messageOf(cause)}; ${messageOf(failed.reason)}`);
}
