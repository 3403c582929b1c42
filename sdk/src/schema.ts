import { messageOf } from './errors.js';

/**
 * Any validator that follows the Standard Schema interface (zod, valibot, arktype and others do), so that
 * a plugin may use the library it likes and the sdk needs none. Source: https://standardschema.dev.
 */
export interface Schema<Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    /** A JSON schema of what it takes, for forms; as https://standardschema.dev/json-schema has it. May throw for what JSON schema can't say. */
    readonly jsonSchema?: { readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown> } | undefined;
  };
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The path of an issue as text, `samples[0].value`. */
export function formatIssuePath(path: SchemaIssue['path']): string {
  let text = '';
  for (const segment of path ?? []) {
    const key = typeof segment === 'object' ? segment.key : segment;
    if (typeof key === 'number') text += `[${key}]`;
    else text += text === '' ? String(key) : `.${String(key)}`;
  }
  return text;
}

/**
 * A schema made of a function that takes what stands in the configuration and returns what the kind works with;
 * what it throws becomes the issue's message. For plugins that want no schema library.
 */
export function schemaFrom<Output>(read: (value: unknown) => Output): Schema<Output> {
  return {
    '~standard': {
      version: 1,
      vendor: 'metrics-dashboard',
      validate: (value) => {
        try {
          return { value: read(value) };
        } catch (error) {
          return { issues: [{ message: messageOf(error) }] };
        }
      },
    },
  };
}
