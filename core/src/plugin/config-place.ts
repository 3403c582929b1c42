import { ConfigError, formatIssuePath } from '@metrics-dashboard/sdk';
import type { Position, Schema, SchemaIssue } from '@metrics-dashboard/sdk';
import type { ConfigPlace } from './plugin-config.js';

/** The place of something that stands in no file: the path alone. */
export function unplaced(path: string): ConfigPlace {
  return { file: undefined, path, line: undefined, column: undefined };
}

/**
 * An error at a place of the configuration. Its message begins with the place, so whoever prints it needs nothing
 * else: `metrics-dashboard.yml:3:5: storage.retention: "soon" is not a duration`.
 */
export function configErrorAt(place: ConfigPlace, message: string, cause?: unknown): ConfigError {
  return new ConfigError([...placeText(place), message].join(': '), {
    ...(place.file === undefined ? {} : { file: place.file }),
    ...(place.path === '' ? {} : { path: place.path }),
    ...(place.line === undefined ? {} : { position: { line: place.line, column: place.column ?? 1 } }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** `file:line:column` where there is a file, and the path. */
function placeText(place: ConfigPlace): string[] {
  const where = [place.file, place.line, place.line === undefined ? undefined : place.column];
  return [where.filter((part) => part !== undefined).join(':'), place.path].filter((part) => part !== '');
}

/** An error that a part of the program threw about its own configuration; it knows a path inside that at most. */
export function placed(error: ConfigError, at: ConfigPlace): ConfigError {
  if (error.position !== undefined) return error;
  const path = error.path === undefined ? [] : error.path.split('.');
  return configErrorAt(partOf(at, path), error.message, error.cause);
}

/** The place of a part; of the nearest part around it that is known, where it is not there itself. */
export function partOf(place: ConfigPlace, path: SchemaIssue['path']): ConfigPlace {
  const inner = formatIssuePath(path);
  const position = nearest(place, path ?? []);
  return { file: place.file, path: joined(place.path, inner), line: position?.line ?? place.line, column: position?.column ?? place.column };
}

/** At most so many mistakes are told at once. */
const MAX_TOLD = 10;

/** One error that tells all, a line each; its place is that of the first. */
export function mergeErrors(errors: readonly ConfigError[]): ConfigError {
  const [first] = errors;
  if (first === undefined) return new ConfigError('the configuration is refused without a reason');
  const lines = [...new Set(errors.map((error) => error.message))];
  if (lines.length === 1) return first;
  const more = lines.length > MAX_TOLD ? [`and ${lines.length - MAX_TOLD} more`] : [];
  return new ConfigError([...lines.slice(0, MAX_TOLD), ...more].join('\n'), {
    ...(first.file === undefined ? {} : { file: first.file }),
    ...(first.path === undefined ? {} : { path: first.path }),
    ...(first.position === undefined ? {} : { position: first.position }),
  });
}

/** What the schema makes of a configuration. Throws a `ConfigError` that tells every issue with its place. */
export async function checked<Output>(schema: Schema<Output>, value: unknown, place: ConfigPlace): Promise<Output> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  throw mergeErrors(result.issues.map((issue) => configErrorAt(partOf(place, pathOf(issue)), lowerFirst(issue.message))));
}

/** Some libraries say of an unknown key which object it is in, and name the key beside. */
function pathOf(issue: SchemaIssue): SchemaIssue['path'] {
  const [key] = 'keys' in issue && Array.isArray(issue.keys) ? (issue.keys as unknown[]) : [];
  return typeof key === 'string' ? [...(issue.path ?? []), key] : issue.path;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function nearest(place: ConfigPlace, path: NonNullable<SchemaIssue['path']>): Position | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const position = place.parts?.[formatIssuePath(path.slice(0, length))];
    if (position !== undefined) return position;
  }
  return undefined;
}

function joined(outer: string, inner: string): string {
  return outer === '' || inner === '' || inner.startsWith('[') ? outer + inner : `${outer}.${inner}`;
}
