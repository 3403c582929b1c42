import { QueryError } from '@metrics-dashboard/sdk';
import type { ThresholdRuleSpec } from './threshold-rule.js';

/** What makes no sense, and where: a path inside the rule. */
interface Mistake {
  readonly path: string;
  readonly message: string;
}

const SHORTEST_INTERVAL = 1000;
/** The longest name, and the longest text of any other kind. */
const LONGEST_NAME = 200;
const LONGEST_TEXT = 20_000;

/**
 * Throws one `QueryError` for a rule that makes no sense; it tells every mistake with its place, and its path is that of the
 * first. Expressions and templates are checked elsewhere.
 */
export function assertSense(spec: ThresholdRuleSpec, receivers: ReadonlySet<string>): void {
  const mistakes = [...ofTexts(spec), ...ofTimes(spec), ...ofLevels(spec), ...ofReceivers(spec, receivers)];
  const [first] = mistakes;
  if (first === undefined) return;
  throw new QueryError(mistakes.map(({ path, message }) => `${path}: ${message}`).join('\n'), { path: first.path });
}

function* ofTexts({ name, expression, labels, annotations }: ThresholdRuleSpec): Generator<Mistake> {
  if (name.trim() === '') yield { path: 'name', message: 'a rule needs a name' };
  if (name.length > LONGEST_NAME) yield { path: 'name', message: `a name of ${name.length} letters, expected at most ${LONGEST_NAME}` };
  if (expression.trim() === '') yield { path: 'expression', message: 'a rule needs a query' };
  for (const label of Object.keys(labels)) {
    if (label === '' || label.startsWith('__') || label === 'alertname') yield { path: `labels.${label}`, message: `${JSON.stringify(label)} can not be a label of a rule` };
  }
  if (Object.hasOwn(annotations, '')) yield { path: 'annotations', message: 'an annotation needs a name' };
  const texts = [['expression', expression], ...Object.entries(labels).map(([key, text]) => [`labels.${key}`, text]), ...Object.entries(annotations).map(([key, text]) => [`annotations.${key}`, text])] as const;
  for (const [path = '', text = ''] of texts) if (text.length > LONGEST_TEXT) yield { path, message: `a text of ${text.length} letters, expected at most ${LONGEST_TEXT}` };
}

function* ofTimes({ interval, holdFor, keepFiringFor, flapping }: ThresholdRuleSpec): Generator<Mistake> {
  if (interval < SHORTEST_INTERVAL) yield { path: 'interval', message: `an interval of ${interval} ms, expected at least ${SHORTEST_INTERVAL}` };
  for (const [path, value] of [['holdFor', holdFor], ['keepFiringFor', keepFiringFor]] as const) if (value < 0) yield { path, message: 'a duration is not negative' };
  if (flapping === undefined) return;
  if (flapping.changes < 2) yield { path: 'flapping.changes', message: `${flapping.changes} changes, expected two at least` };
  if (flapping.window <= 0) yield { path: 'flapping.window', message: 'a window has a length' };
}

function* ofLevels({ levels, operator }: ThresholdRuleSpec): Generator<Mistake> {
  if (levels.length === 0) yield { path: 'levels', message: 'a rule needs a threshold' };
  const severities = levels.map(({ severity }) => severity);
  for (const [i, { severity, threshold, resolveThreshold }] of levels.entries()) {
    if (severities.indexOf(severity) < i) yield { path: `levels[${i}].severity`, message: severity === undefined ? 'two levels have no severity' : `two levels have the severity ${JSON.stringify(severity)}` };
    if (Number.isNaN(threshold)) yield { path: `levels[${i}].threshold`, message: 'a threshold is a number' };
    if (resolveThreshold === undefined) continue;
    // Written so that NaN is a mistake, too.
    const isReachable = operator.startsWith('>') ? resolveThreshold <= threshold : operator.startsWith('<') ? resolveThreshold >= threshold : false;
    if (!isReachable) yield { path: `levels[${i}].resolveThreshold`, message: `a firing alert resolves at ${resolveThreshold}, which is beyond the threshold of ${threshold} or can't be compared with it` };
  }
}

function* ofReceivers({ receivers }: ThresholdRuleSpec, known: ReadonlySet<string>): Generator<Mistake> {
  for (const [i, receiver] of receivers.entries()) {
    if (known.has(receiver)) continue;
    yield { path: `receivers[${i}]`, message: `there is no receiver ${JSON.stringify(receiver)}, known are ${[...known].map((one) => JSON.stringify(one)).join(', ') || 'none'}` };
  }
}
