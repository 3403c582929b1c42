import { messageOf } from '@metrics-dashboard/sdk';
import type { Label, Timestamp } from '@metrics-dashboard/sdk';
import { TemplateInterrupt } from '../template/evaluate.js';
import { listOf, ofTexts, takes, textOf } from '../template/functions.js';
import type { FunctionTable } from '../template/functions.js';
import { durationStruct, numberOf, secondsOf } from '../template/humanize.js';
import { Templates } from '../template/template.js';
import { TEXT_FUNCTIONS } from '../template/text-functions.js';
import { formatTime, timeStruct } from '../template/time-values.js';
import { TemplateMap, TemplateStruct, mapOf, typeName } from '../template/value.js';
import type { Value } from '../template/value.js';

// What the templates of rules know beside the language, as Prometheus documents it:
// https://prometheus.io/docs/prometheus/latest/configuration/template_reference/

/** A sample that a template asked for. */
export interface TemplateSample {
  readonly labels: readonly Label[];
  readonly value: number;
}

/** What all templates of the server have in common. */
export interface TemplateWorld {
  /** Answers a query of a template. */
  readonly query: (expression: string, at: Timestamp) => Promise<readonly TemplateSample[]>;
  readonly externalLabels: Readonly<Record<string, string>>;
  /** The address of the user interface, without a slash at its end. */
  readonly externalUrl: string;
}

/** What one expansion is about. */
export interface TemplateData {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly at: Timestamp;
}

/** A template may ask so many questions. */
const MOST_QUERIES = 20;

/** Thrown where a template asks something that has not been answered yet. */
class Question extends TemplateInterrupt {
  constructor(readonly expression: string) {
    super(expression);
  }
}

/** The names of the variables that each template of a rule has. */
const VARIABLES = ['labels', 'externalLabels', 'externalURL', 'value'];

/** Reads a template of a rule. Throws a `TemplateError`. */
export function readRuleTemplate(name: string, text: string): Templates {
  return Templates.read([{ name, text }], NAMES, VARIABLES);
}

/**
 * Expands a template of a rule. Templates run at once and do no I/O: one that asks a query is run again once its answer is
 * there. Rejects with a `TemplateError`.
 */
export async function expandRuleTemplate(templates: Templates, name: string, world: TemplateWorld, data: TemplateData): Promise<string> {
  const answers = new Map<string, readonly TemplateSample[]>();
  const functions = functionsFor(world, data.at, answers);
  const externalLabels = mapOf(world.externalLabels);
  const labels = mapOf(data.labels);
  const dot = new TemplateStruct('template.tmplData', { Labels: labels, ExternalLabels: externalLabels, ExternalURL: world.externalUrl, Value: data.value });
  const variables = { labels, externalLabels, externalURL: world.externalUrl, value: data.value };
  for (let asked = 0; ; asked++) {
    try {
      return templates.execute(name, dot, { functions, variables });
    } catch (error) {
      if (!(error instanceof Question)) throw error;
      if (asked >= MOST_QUERIES) throw new Error(`more than ${MOST_QUERIES} queries in one template`, { cause: error });
      answers.set(error.expression, await world.query(error.expression, data.at));
    }
  }
}

function sampleStruct({ labels, value }: TemplateSample): TemplateStruct {
  return new TemplateStruct('template.sample', { Labels: mapOf(labels.map(({ name, value: text }) => [name, text] as const)), Value: value });
}

function sampleOf(value: Value): TemplateStruct {
  if (!(value instanceof TemplateStruct) || value.type !== 'template.sample') throw new Error(`wrong type of value; expected a sample; got ${typeName(value)}`);
  return value;
}

function labelOf(name: Value, sample: Value): string {
  const { Labels: labels } = sampleOf(sample).fields;
  return labels instanceof TemplateMap ? textOf(labels.get(textOf(name))) : '';
}

const FUNCTIONS: FunctionTable = {
  ...TEXT_FUNCTIONS,
  first: takes(1, 1, (samples) => {
    const [sample] = listOf(samples);
    if (sample === undefined) throw new Error('first() called on vector with no elements');
    return sample;
  }),
  label: takes(2, 2, labelOf),
  value: takes(1, 1, (sample) => sampleOf(sample).fields['Value']),
  strvalue: takes(1, 1, (sample) => labelOf('__value__', sample)),
  sortByLabel: takes(2, 2, (name, samples) => [...listOf(samples)].sort((a, b) => compareText(labelOf(name, a), labelOf(name, b)))),
  args: takes(0, Infinity, (...values) => new TemplateMap(new Map(values.map((value, i) => [`arg${i}`, value])), undefined, 'map[string]interface {}')),
  humanizeTimestamp: takes(1, 1, (value) => humanizeTimestamp(numberOf(value))),
  toTime: takes(1, 1, (value) => timeStruct(numberOf(value) * 1000)),
  toDuration: takes(1, 1, (value) => durationStruct(numberOf(value))),
  parseDuration: takes(1, 1, (text) => secondsOf(text)),
  stripPort: ofTexts(1, (address = '') => stripPort(address)),
  stripDomain: ofTexts(1, (address = '') => stripDomain(address)),
  urlQueryEscape: ofTexts(1, (text = '') => encodeURIComponent(text).replaceAll('%20', '+')),
  graphLink: ofTexts(1, (expression = '') => `/explore?q=${encodeURIComponent(expression)}`),
  tableLink: ofTexts(1, (expression = '') => `/explore?q=${encodeURIComponent(expression)}&view=table`),
};

/** Functions that depend on where and when a template is expanded. */
function functionsFor(world: TemplateWorld, at: Timestamp, answers: ReadonlyMap<string, readonly TemplateSample[]>): FunctionTable {
  return {
    ...FUNCTIONS,
    query: ofTexts(1, (expression = '') => {
      const answer = answers.get(expression);
      if (answer === undefined) throw new Question(expression);
      return answer.map(sampleStruct);
    }),
    now: takes(0, 0, () => at / 1000),
    externalURL: takes(0, 0, () => world.externalUrl),
    pathPrefix: takes(0, 0, () => new URL(world.externalUrl).pathname.replace(/\/$/, '')),
  };
}

const NAMES = functionsFor({ query: () => Promise.resolve([]), externalLabels: {}, externalUrl: 'http://localhost' }, 0, new Map());

function humanizeTimestamp(seconds: number): string {
  if (!Number.isFinite(seconds)) return Number.isNaN(seconds) ? 'NaN' : seconds > 0 ? '+Inf' : '-Inf';
  try {
    return formatTime(seconds * 1000, '2006-01-02 15:04:05.999999999 -0700 MST');
  } catch (error) {
    throw new Error(`a time that can't be shown: ${messageOf(error)}`, { cause: error });
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `[::1]:6006` to `::1`; an address without a port as it is. */
function stripPort(address: string): string {
  const parts = /^(?:\[([^\]]*)\]|([^:]*)):[^:]*$/.exec(address);
  return parts === null ? address : (parts[1] ?? parts[2] ?? address);
}

/** `web1.example.com:80` to `web1:80`; the address of a network interface as it is. */
function stripDomain(address: string): string {
  const port = /:\d+$/.exec(address)?.[0] ?? '';
  const host = stripPort(address);
  if (/^[\d.]+$/.test(host) || host.includes(':')) return address;
  return (host.split('.')[0] ?? host) + port;
}
