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
export function placeText(place: ConfigPlace): string[] {
  const where = [place.file, place.line, place.line === undefined ? undefined : place.column];
  return [where.filter((part) => part !== undefined).join(':'), place.path].filter((part) => part !== '');
}

/** The place of a part; of the nearest part around it that is known, where it is not there itself. */
export function partOf(place: ConfigPlace, path: SchemaIssue['path']): ConfigPlace {
  const inner = formatIssuePath(path);
  const position = nearest(place, path ?? []);
  return { file: place.file, path: joined(place.path, inner), line: position?.line ?? place.line, column: position?.column ?? place.column };
}

/** What the schema makes of a configuration. Throws a `ConfigError` with all issues, at the place of the first. */
export async function checked<Output>(schema: Schema<Output>, value: unknown, place: ConfigPlace): Promise<Output> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const [first, ...others] = result.issues.map((issue) => ({ place: partOf(place, issue.path), message: issue.message }));
  if (first === undefined) throw configErrorAt(place, 'is refused by its schema, which does not say why');
  const more = others.map((issue) => `; ${[...placeText({ ...issue.place, file: undefined }), issue.message].join(': ')}`);
  throw configErrorAt(first.place, first.message + more.join(''));
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
