import { MetricsDashboardError } from '@metrics-dashboard/sdk';
import type { ConfigError } from '@metrics-dashboard/sdk';
import { z } from 'zod';
import { configErrorAt, mergeErrors } from '../plugin/config-place.js';
import type { ConfigPlace } from '../plugin/plugin-config.js';
import type { ConfigDocument } from './document.js';
import type { Path } from './path.js';
import { suggestion } from './suggestion.js';

/** A part of the document, and what there is to say about it. */
export class Section {
  readonly document: ConfigDocument;
  readonly path: Path;
  readonly value: unknown;
  readonly #warnings: string[];

  constructor(document: ConfigDocument, path: Path, value: unknown, warnings: string[]) {
    this.document = document;
    this.path = path;
    this.value = value;
    this.#warnings = warnings;
  }

  /** A part of this section; its value is undefined where the document has none. */
  inner(...path: Path): Section {
    let value = this.value;
    for (const key of path) value = typeof value === 'object' && value !== null ? (Reflect.get(value, key) as unknown) : undefined;
    return new Section(this.document, [...this.path, ...path], value, this.#warnings);
  }

  get at(): ConfigPlace {
    return this.document.at(this.path);
  }

  /** Something that a person should know and that stops nothing, with file and line. */
  warn(message: string): void {
    const { file, path, line } = this.document.atKey(this.path);
    this.#warnings.push(`${[file, line].filter((part) => part !== undefined).join(':')}: ${path}: ${message}`);
  }

  error(message: string): ConfigError {
    return configErrorAt(this.at, message);
  }

  /** The same, where the section's own key stands. */
  keyError(message: string): ConfigError {
    return configErrorAt(this.document.atKey(this.path), message);
  }

  /** What the schema makes of the value. Throws one `ConfigError` that tells every mistake with its place. */
  read<Output>(schema: z.ZodType<Output>): Output {
    const result = schema.safeParse(this.value, { error: describe });
    if (result.success) return result.data;
    throw mergeErrors(result.error.issues.map((issue) => this.#errorOf(issue)));
  }

  #errorOf(issue: z.core.$ZodIssue): ConfigError {
    const path = [...this.path, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
    const [unknownKey] = issue.code === 'unrecognized_keys' ? issue.keys : [];
    return configErrorAt(
      unknownKey === undefined ? this.document.at(path) : this.document.atKey([...path, unknownKey]),
      issue.message,
    );
  }
}

/** An object of known keys only; a key that is not known is an error that says which one was probably meant. */
export function keys<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys, known) : undefined),
  });
}

/** `unknown key "retenton", did you mean "retention"?` */
export function unknownKeys(unknown: readonly string[], known: readonly string[]): string {
  return unknown.map((key) => `unknown key ${JSON.stringify(key)}${suggestion(key, known)}`).join('; ');
}

/** Turns a function that throws errors of the house for a text into a check of a value. */
export function readBy<Input, Output>(schema: z.ZodType<Input>, read: (value: Input) => Output): z.ZodType<Output> {
  return schema.transform((value, context): Output => {
    try {
      return read(value);
    } catch (error) {
      if (!(error instanceof MetricsDashboardError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });
}

/** The messages of the schema library in the words of the house. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `expected ${article(issue.expected)}, met ${shown(issue.input)}`;
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, met ${shown(issue.input)}`;
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : `is of none of the possible forms, met ${shown(issue.input)}`;
    case 'too_small':
      return `expected at least ${issue.minimum}, met ${shown(issue.input)}`;
    case 'too_big':
      return `expected at most ${issue.maximum}, met ${shown(issue.input)}`;
    default:
      return undefined;
  }
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

function article(expected: string): string {
  return ARTICLES[expected] ?? expected;
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
