/** What a form needs of a JSON schema. */
export interface FieldSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly writeOnly?: boolean;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
}

export type FieldKind = 'secret' | 'switch' | 'number' | 'choice' | 'text' | 'line' | 'group' | 'json';

/** How a field is filled in. What has no form of its own is written as JSON. */
export function fieldKind(schema: FieldSchema): FieldKind {
  if (schema.enum !== undefined) return 'choice';
  if (schema.type === 'boolean') return 'switch';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === 'object' && schema.properties !== undefined && Object.keys(schema.properties).length > 0) return 'group';
  if (schema.type !== 'string') return 'json';
  if (schema.writeOnly === true) return 'secret';
  return typeof schema.default === 'string' && schema.default.includes('{{') ? 'text' : 'line';
}

/** The fields of an object, those that it must have first. */
export function fieldsOf(schema: FieldSchema): { readonly name: string; readonly schema: FieldSchema; readonly isRequired: boolean }[] {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => ({ name, schema: one, isRequired: required.has(name) }));
  return [...fields.filter(({ isRequired }) => isRequired), ...fields.filter(({ isRequired }) => !isRequired)];
}

/** A name as people read it: `send_resolved` is «Send resolved». */
export function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ').replace(/\burl\b/, 'URL').replace(/\bhtml\b/, 'HTML').replace(/\btls\b/, 'TLS').replace(/\bhttp\b/, 'HTTP');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** An object with one field set; without it when the value is undefined. */
export function withField(config: unknown, name: string, value: unknown): Readonly<Record<string, unknown>> {
  const { [name]: _, ...others } = asObject(config);
  return value === undefined ? others : { ...asObject(config), [name]: value };
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A schema as the server sends it. */
export function asSchema(value: unknown): FieldSchema {
  return asObject(value);
}
