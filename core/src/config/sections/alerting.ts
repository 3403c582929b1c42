import type { AlertingConfig, TemplateFile } from '../../alerting/alerting-config.js';
import { anything } from '../values.js';
import { ignoredKeys, warnIgnored } from '../ignored.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { ALERTING_GLOBAL_KEYS, readAlertingGlobal } from './alerting-global.js';
import { IGNORED_GLOBAL_KEYS } from './global.js';
import { readInhibitRules } from './inhibit-rules.js';
import { readReceivers } from './receivers.js';
import { readRoute } from './route.js';
import { readTimeIntervals } from './time-intervals.js';

/** Alertmanager's sections, which stand in the configuration itself or in a file of their own. */
export const ALERTMANAGER_KEYS = ['route', 'receivers', 'inhibit_rules', 'mute_time_intervals', 'time_intervals', 'templates'] as const;

const OF_FILE = keys({ ...ignoredKeys(ALERTMANAGER_KEYS), global: anything, tracing: anything });
const GLOBAL_OF_FILE = keys({ ...ignoredKeys(ALERTING_GLOBAL_KEYS), ...ignoredKeys(IGNORED_GLOBAL_KEYS) });

/** Reads Alertmanager's sections. `own`: they stand in a file of their own, and nothing else does. `rest` is what stands in `alerting:`. */
export function readAlerting(section: Section, own: boolean, templates: readonly TemplateFile[], rest: Pick<AlertingConfig, 'relay' | 'notificationRetention'>): AlertingConfig {
  const ofGlobal = section.inner('global');
  if (own) {
    section.read(OF_FILE);
    if (ofGlobal.value !== undefined && ofGlobal.value !== null) ofGlobal.read(GLOBAL_OF_FILE);
    warnIgnored(ofGlobal, IGNORED_GLOBAL_KEYS);
    warnIgnored(section, ['tracing']);
  }
  const global = readAlertingGlobal(ofGlobal);
  const receivers = readReceivers(section.inner('receivers'), global);
  const timeIntervals = readTimeIntervals([section.inner('mute_time_intervals'), section.inner('time_intervals')]);
  const known = { receivers: new Set(receivers.map(({ name }) => name)), intervals: new Set(Object.keys(timeIntervals)) };
  return {
    resolveTimeout: global.resolveTimeout,
    route: readRoute(section.inner('route'), known),
    receivers,
    inhibitRules: readInhibitRules(section.inner('inhibit_rules')),
    timeIntervals,
    templates,
    ...rest,
  };
}
