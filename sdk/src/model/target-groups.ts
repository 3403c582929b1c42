import type { TargetGroup } from '../contract/discovery.js';
import { ParseError } from '../errors.js';

/**
 * Target groups as programs write them down, `[{ "targets": ["a:1"], "labels": { "env": "prod" } }]`; the group's place
 * in the list is a part of its source. `extra` are labels of the discovery's own, which stand over those of the group.
 * Throws a `ParseError` that says what is wrong where.
 * Source: https://prometheus.io/docs/prometheus/latest/http_sd/.
 */
export function readTargetGroups(value: unknown, source: string, extra: Readonly<Record<string, string>>): TargetGroup[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new ParseError(`expected a list of target groups, met ${shown(value)}`);
  return value.map((group: unknown, i) => {
    const at = `[${i}]`;
    if (!isMapping(group)) throw new ParseError(`${at}: expected a mapping, met ${shown(group)}`);
    const unknown = Object.keys(group).find((key) => key !== 'targets' && key !== 'labels');
    if (unknown !== undefined) throw new ParseError(`${at}: unknown key ${JSON.stringify(unknown)}, expected targets and labels`);
    const labels = { ...labelsOf(group['labels'] ?? {}, at), ...extra };
    return { source: `${source}:${i}`, targets: targetsOf(group['targets'] ?? [], at), labels };
  });
}

function targetsOf(value: unknown, at: string): string[] {
  if (!Array.isArray(value)) throw new ParseError(`${at}.targets: expected a list, met ${shown(value)}`);
  return value.map((target: unknown, i) => {
    if (typeof target === 'string' && target !== '') return target;
    throw new ParseError(`${at}.targets[${i}]: expected an address, met ${shown(target)}`);
  });
}

function labelsOf(value: unknown, at: string): Record<string, string> {
  if (!isMapping(value)) throw new ParseError(`${at}.labels: expected a mapping, met ${shown(value)}`);
  const labels: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (name === '') throw new ParseError(`${at}.labels: a label has no name`);
    if (!isScalar(text)) throw new ParseError(`${at}.labels.${name}: expected a text, met ${shown(text)}`);
    labels[name] = String(text);
  }
  return labels;
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
