import { ParseError, formatIssuePath } from '@metrics-dashboard/sdk';
import type { z } from 'zod';
import { DOCUMENT_VERSION, dashboardSchema } from './document.js';
import type { Dashboard } from './document.js';
import { referencesOf } from './interpolate.js';
import type { Variable } from './variable.js';

/** How many mistakes are told of at once. */
const MOST_TOLD = 20;

/**
 * A document out of what was read from JSON, with defaults for what is left out. Throws a `ParseError` that tells every
 * mistake with its place, `panels[2].position.x: expected …`, one a line.
 */
export function readDocument(value: unknown): Dashboard {
  assertVersion(value);
  const result = dashboardSchema.safeParse(value);
  const mistakes = result.success ? inconsistencies(result.data) : result.error.issues.flatMap(toldOf);
  if (result.success && mistakes.length === 0) return result.data;
  const more = mistakes.length > MOST_TOLD ? [`and ${mistakes.length - MOST_TOLD} more`] : [];
  throw new ParseError([...mistakes.slice(0, MOST_TOLD), ...more].join('\n'));
}

/** The same, of a text. */
export function readDocumentText(text: string): Dashboard {
  return readDocument(parseJson(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ParseError('the dashboard is not JSON', { cause });
  }
}

function assertVersion(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ParseError('expected a dashboard document, an object');
  const version: unknown = Reflect.get(value, 'version');
  if (version === undefined && 'schemaVersion' in value) {
    throw new ParseError(`this is another program's dashboard: it has a schemaVersion and no version, expected version ${DOCUMENT_VERSION}`);
  }
  if (typeof version === 'number' && version > DOCUMENT_VERSION) {
    throw new ParseError(`version: ${version} was written by a newer program, this one reads up to ${DOCUMENT_VERSION}`);
  }
}

function toldOf(issue: z.core.$ZodIssue): string[] {
  const at = formatIssuePath(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${at === '' ? key : `${at}.${key}`}: is no key of this part`);
  const message = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  return [`${at === '' ? 'the document' : at}: ${message}`];
}

/** What a schema can't say: names that stand twice, choices that there are not, variables that need each other. */
function inconsistencies({ panels, variables }: Dashboard): string[] {
  return [
    ...repeated(panels.map(({ id }) => id)).map((i) => `panels[${i}].id: ${JSON.stringify(panels[i]?.id)} is another panel's, too`),
    ...panels.flatMap(({ position }, i) => (position.x + position.width > 24 ? [`panels[${i}].position: ends at column ${position.x + position.width} of 24`] : [])),
    ...repeated(variables.map(({ name }) => name)).map((i) => `variables[${i}].name: ${JSON.stringify(variables[i]?.name)} is another variable's, too`),
    ...cycles(variables),
  ];
}

/** The places of names that were there before. */
function repeated(names: readonly string[]): number[] {
  return names.flatMap((name, i) => (names.indexOf(name) < i ? [i] : []));
}

/** What a variable's options depend on. */
export function dependenciesOf(variable: Variable): readonly string[] {
  if (variable.kind === 'label_values') return referencesOf(variable.selector);
  return variable.kind === 'query' ? referencesOf(variable.expression) : [];
}

function cycles(variables: readonly Variable[]): string[] {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const reaches = (from: string, wanted: string, seen: Set<string>): boolean => {
    const variable = byName.get(from);
    if (variable === undefined || seen.has(from)) return false;
    seen.add(from);
    return dependenciesOf(variable).some((name) => name === wanted || reaches(name, wanted, seen));
  };
  return variables.flatMap(({ name }, i) => (reaches(name, name, new Set()) ? [`variables[${i}]: the options of ${JSON.stringify(name)} depend on themselves`] : []));
}
