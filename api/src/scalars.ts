import { variableSchema } from '@metrics-dashboard/core';
import type { Variable } from '@metrics-dashboard/core';
import { formatIssuePath, parseDuration } from '@metrics-dashboard/sdk';
import { packColumn } from '@metrics-dashboard/sdk/columns';
import type { Label } from '@metrics-dashboard/sdk';
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import type { ValueNode } from 'graphql';

/** Milliseconds since the epoch, as a JSON number. */
export const TimestampScalar = new GraphQLScalarType<number, number>({
  name: 'Timestamp',
  description: 'Milliseconds since the epoch, UTC.',
  serialize: (value) => finiteNumber('Timestamp', value),
  parseValue: (value) => finiteNumber('Timestamp', value),
  parseLiteral: (node) => finiteNumber('Timestamp', numberOf(node)),
});

/** Text such as `1h30m`, or milliseconds, in; milliseconds out. */
export const DurationScalar = new GraphQLScalarType<number, number>({
  name: 'Duration',
  description: 'A length of time. Taken as text (`1h30m`) or as milliseconds; given as milliseconds.',
  serialize: (value) => finiteNumber('Duration', value),
  parseValue: (value) => (typeof value === 'string' ? parseDuration(value) : finiteNumber('Duration', value)),
  parseLiteral: (node) => (node.kind === Kind.STRING ? parseDuration(node.value) : finiteNumber('Duration', numberOf(node))),
});

/** Takes core's `readonly Label[]`. */
export const LabelSetScalar = new GraphQLScalarType<never, Record<string, string>>({
  name: 'LabelSet',
  description: 'The labels of a series as an object, name to value.',
  serialize: (value) => Object.fromEntries((value as readonly Label[]).map((label) => [label.name, label.value])),
  parseValue: () => outputOnly('LabelSet'),
  parseLiteral: () => outputOnly('LabelSet'),
});

/** A float64 with NaN and the infinities. */
export const Float64Scalar = new GraphQLScalarType<number, number | string>({
  name: 'Float64',
  description: 'A float64: a JSON number, where NaN and the infinities are the strings "NaN", "+Inf", "-Inf".',
  serialize: (value) => cell(value as number) ?? 'NaN',
  parseValue: (value) => float64(value),
  parseLiteral: (node) => float64(node.kind === Kind.STRING ? node.value : numberOf(node)),
});

/** Names and texts, in and out: labels, annotations and templates of rules. */
export const TextMapScalar = new GraphQLScalarType<Readonly<Record<string, string>>, Readonly<Record<string, string>>>({
  name: 'TextMap',
  description: 'An object of texts, name to text.',
  serialize: (value) => value as Readonly<Record<string, string>>,
  parseValue: (value) => textMap(value),
  parseLiteral: (node, variables) => textMap(valueFromASTUntyped(node, variables)),
});

/** A column as core has it. Without `present`, every cell holds a sample. */
export interface FloatCells {
  readonly values: Float64Array;
  readonly present?: Uint8Array | undefined;
}

type Cell = number | string | null;

/** Takes `FloatCells`. */
export const FloatColumnScalar = new GraphQLScalarType<never, Cell[]>({
  name: 'FloatColumn',
  description:
    'A column of float64: a JSON array of numbers, where NaN and the infinities are the strings "NaN", "+Inf", "-Inf", and null means there is no sample.',
  serialize: (value) => floatCells(value as FloatCells),
  parseValue: () => outputOnly('FloatColumn'),
  parseLiteral: () => outputOnly('FloatColumn'),
});

/** Takes `FloatCells`, one per step of a grid. */
export const PackedColumnScalar = new GraphQLScalarType<never, string>({
  name: 'PackedColumn',
  description:
    'A column of float64, one per step of a grid, as the base64 text of a packed form that is an order of magnitude shorter than JSON numbers; every bit of a value comes back, and so do gaps. `@metrics-dashboard/sdk/columns` reads it; `docs/graphql.md` tells its bytes.',
  serialize: (value) => packedText(value as FloatCells),
  parseValue: () => outputOnly('PackedColumn'),
  parseLiteral: () => outputOnly('PackedColumn'),
});

/** Takes a `Float64Array`. */
export const TimestampColumnScalar = new GraphQLScalarType<never, number[]>({
  name: 'TimestampColumn',
  description: 'A column of timestamps: a JSON array of milliseconds since the epoch.',
  serialize: (value) => Array.from(value as Float64Array),
  parseValue: () => outputOnly('TimestampColumn'),
  parseLiteral: () => outputOnly('TimestampColumn'),
});

/** Checked where it is saved, so that one error tells every mistake. */
export const DashboardDocumentScalar = new GraphQLScalarType<unknown>({
  name: 'DashboardDocument',
  description: 'A dashboard as JSON, of the form that `/schemas/dashboard.json` describes.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

/** Checked by the kind of channel. */
export const ChannelConfigScalar = new GraphQLScalarType<unknown>({
  name: 'ChannelConfig',
  description: "A channel's configuration as JSON, with the keys that the configuration file has for its kind. Secrets are shown as `***`, and of addresses the host alone; what is sent as it is shown stays as it was.",
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

export const JsonSchemaScalar = new GraphQLScalarType<unknown>({
  name: 'JsonSchema',
  description: 'A JSON schema, draft 2020-12. What is secret is `writeOnly`.',
  serialize: (value) => value,
  parseValue: () => outputOnly('JsonSchema'),
  parseLiteral: () => outputOnly('JsonSchema'),
});

export const VariableDefinitionScalar = new GraphQLScalarType<Variable, unknown>({
  name: 'VariableDefinition',
  description: 'A variable as it stands in `variables` of a dashboard document.',
  serialize: (value) => value,
  parseValue: readVariable,
  parseLiteral: (node, variables) => readVariable(valueFromASTUntyped(node, variables)),
});

function readVariable(value: unknown): Variable {
  const result = variableSchema.safeParse(value);
  if (result.success) return result.data;
  throw new GraphQLError(result.error.issues.map(({ path, message }) => `${formatIssuePath(path)}: ${message}`).join('; '));
}

/** The viewers of one live query are told the same columns: the text is made once. */
const texts = new WeakMap<FloatCells, string>();

function packedText(cells: FloatCells): string {
  const known = texts.get(cells);
  if (known !== undefined) return known;
  const { buffer, byteOffset, byteLength } = packColumn(cells);
  const text = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  texts.set(cells, text);
  return text;
}

function floatCells({ values, present }: FloatCells): Cell[] {
  const cells = new Array<Cell>(values.length);
  for (let i = 0; i < values.length; i++) cells[i] = present?.[i] === 0 ? null : cell(values[i] as number);
  return cells;
}

/** JSON has no form for numbers that are not finite. */
function cell(value: number): Cell {
  if (Number.isFinite(value)) return value;
  return value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN';
}

function float64(value: unknown): number {
  if (value === 'NaN') return NaN;
  if (value === '+Inf' || value === 'Inf') return Infinity;
  if (value === '-Inf') return -Infinity;
  return finiteNumber('Float64', value);
}

function textMap(value: unknown): Readonly<Record<string, string>> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = isMap ? Object.entries(value) : [];
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (!isMap || texts.length < entries.length) throw new GraphQLError(`TextMap can't be ${JSON.stringify(value) ?? String(value)}, expected an object of texts`);
  return Object.fromEntries(texts);
}

function finiteNumber(scalar: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new GraphQLError(`${scalar} can't be ${JSON.stringify(value) ?? String(value)}, expected a finite number`);
}

function numberOf(node: ValueNode): unknown {
  return node.kind === Kind.INT || node.kind === Kind.FLOAT ? Number(node.value) : node.kind;
}

function outputOnly(scalar: string): never {
  throw new GraphQLError(`${scalar} is given, never taken`);
}
