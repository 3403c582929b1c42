import { z } from 'zod';
import type { RouteConfig } from '../../alerting/route.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { duration, flag, optional, positiveDuration, text, withDefault } from '../values.js';
import { ignoredKeys } from '../ignored.js';
import { equalMap, matcherList, regexMap } from './matchers.js';

const names = withDefault(z.array(text), []);

const node = keys({
  receiver: optional(text),
  group_by: optional(z.array(text)),
  continue: withDefault(flag, false),
  match: equalMap,
  match_re: regexMap,
  matchers: matcherList,
  group_wait: optional(duration),
  group_interval: optional(positiveDuration),
  repeat_interval: optional(positiveDuration),
  mute_time_intervals: names,
  active_time_intervals: names,
  ...ignoredKeys(['routes']),
});

/** What a route may refer to. */
export interface RouteNames {
  readonly receivers: ReadonlySet<string>;
  readonly intervals: ReadonlySet<string>;
}

/** Reads `route:`; undefined where there is none. Throws a `ConfigError` for a receiver or an interval that there is not. */
export function readRoute(section: Section, known: RouteNames): RouteConfig | undefined {
  if (section.value === undefined || section.value === null) return undefined;
  const root = readNode(section, known);
  if (root.receiver === undefined) throw section.inner('receiver').error('is missing: the root route needs a receiver');
  if (root.matchers.length > 0) throw section.error('the root route takes every alert, and has no matchers');
  if (root.continues) throw section.inner('continue').error('nothing follows the root route');
  for (const key of ['mute_time_intervals', 'active_time_intervals']) {
    if (section.inner(key).value) throw section.inner(key).error('can stand at routes below the root alone');
  }
  return root;
}

function readNode(section: Section, known: RouteNames): RouteConfig {
  const read = section.read(node);
  if (read.receiver !== undefined && !known.receivers.has(read.receiver)) {
    throw section.inner('receiver').error(unknown('receiver', read.receiver, known.receivers));
  }
  for (const key of ['mute_time_intervals', 'active_time_intervals'] as const) {
    read[key].forEach((name, i) => {
      if (!known.intervals.has(name)) throw section.inner(key, i).error(unknown('time interval', name, known.intervals));
    });
  }
  const routes = section.inner('routes');
  const children = routes.read(optional(z.array(z.unknown()))) ?? [];
  return {
    receiver: read.receiver,
    groupBy: groupingOf(section.inner('group_by'), read.group_by),
    continues: read.continue,
    matchers: [...read.match, ...read.match_re, ...read.matchers],
    groupWait: read.group_wait,
    groupInterval: read.group_interval,
    repeatInterval: read.repeat_interval,
    muteTimeIntervals: read.mute_time_intervals,
    activeTimeIntervals: read.active_time_intervals,
    routes: children.map((_, i) => readNode(routes.inner(i), known)),
  };
}

function groupingOf(section: Section, labels: readonly string[] | undefined): RouteConfig['groupBy'] {
  if (labels === undefined) return undefined;
  if (new Set(labels).size < labels.length) throw section.error('names a label twice');
  if (!labels.includes('...')) return labels;
  if (labels.length > 1) throw section.error('"..." stands for all labels, and alone');
  return '...';
}

function unknown(what: string, name: string, known: ReadonlySet<string>): string {
  return `unknown ${what} ${JSON.stringify(name)}, known are ${[...known].join(', ') || 'none'}`;
}
