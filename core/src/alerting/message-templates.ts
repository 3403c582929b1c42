import { ConfigError } from '@metrics-dashboard/sdk';
import type { Clock } from '@metrics-dashboard/sdk';
import { escapeHtml } from '../template/builtins.js';
import { takes, textOf } from '../template/functions.js';
import type { FunctionTable } from '../template/functions.js';
import { durationStruct } from '../template/humanize.js';
import { TEXT_FUNCTIONS } from '../template/text-functions.js';
import { TemplateError } from '../template/template-error.js';
import { Templates } from '../template/template.js';
import { timeOf, timeStruct } from '../template/time-values.js';
import { methodOf } from '../template/value.js';
import type { Value } from '../template/value.js';
import type { TemplateFile } from './alerting-config.js';
import { DEFAULT_TEMPLATES } from './default-templates.js';
import { messageData } from './message-data.js';
import type { CompileMessage } from './message-texts.js';

/** The name that a text of a channel's configuration has among the templates. */
const OWN = 'text';

/** Makes the templates of messages ready, with the files of a configuration. Throws a `ConfigError` that names the file and the place in it. */
export function messageCompiler(files: readonly TemplateFile[], clock: Pick<Clock, 'now'>): CompileMessage {
  const functions = functionsAt(clock);
  let templates = Templates.read([{ name: 'default', text: DEFAULT_TEMPLATES }], functions);
  for (const { file, text } of files) {
    try {
      templates = templates.with([{ name: file, text }], functions);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const { line, column } = error.position;
      throw new ConfigError(`${file}:${line}:${column}: ${error.reason}`, { file, position: error.position });
    }
  }
  return ({ text, html = false }) => {
    const all = templates.with([{ name: OWN, text }], functions);
    all.assertCalls(OWN);
    const table = html ? { ...functions, safeHtml: takes(1, 1, (value) => unescapeHtml(textOf(value))) } : functions;
    return (notification) => all.execute(OWN, messageData(notification, html ? escapeHtml : (value) => value), { functions: table });
  };
}

/** Beside what all templates have: what Alertmanager documents for times. */
function functionsAt(clock: Pick<Clock, 'now'>): FunctionTable {
  return {
    ...TEXT_FUNCTIONS,
    date: takes(2, 2, (layout, time) => formatted(time, textOf(layout))),
    tz: takes(2, 2, (zone, time) => timeStruct(timeOf(time), textOf(zone))),
    since: takes(1, 1, (time) => durationStruct((clock.now() - timeOf(time)) / 1000)),
    safeUrl: takes(1, 1, (value) => textOf(value)),
    urlUnescape: takes(1, 1, (value) => decodeURIComponent(textOf(value))),
  };
}

/** In the zone that the time is in. */
function formatted(time: Value, layout: string): Value {
  const format = methodOf(time, 'Format');
  if (format === undefined) throw new Error('wrong type of value; expected time.Time');
  return format(layout);
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&#34;': '"', '&#39;': "'" };

/** A text that its author vouches for: what was escaped for HTML becomes what it was. */
function unescapeHtml(text: string): string {
  return text.replace(/&(?:amp|lt|gt|#34|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}
