/**
 * What templates work on. The language tells whole numbers from others, so Go's `int` is a `bigint` and its `float64` a
 * `number`; `undefined` is its `nil`.
 */
export type Value = undefined | boolean | string | bigint | number | readonly Value[] | TemplateMap | TemplateStruct;

/** What a template may call: gets its arguments, throws an error whose message is for the template's author. */
export type TemplateFunction = (...args: readonly Value[]) => Value;

/** A map of texts to values of one kind. A key that is not there has the zero value, as with `missingkey=zero`. */
export class TemplateMap {
  constructor(
    readonly entries: ReadonlyMap<string, Value>,
    readonly zero: Value = '',
    readonly type: string = 'map[string]string',
    readonly methods: Readonly<Record<string, TemplateFunction>> = {},
  ) {}

  get(key: string): Value {
    return this.entries.has(key) ? this.entries.get(key) : this.zero;
  }

  /** In the order in which templates walk over them. */
  sorted(): readonly (readonly [string, Value])[] {
    return [...this.entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }
}

/** A thing with fields and methods by name, and nothing else: no property of an object can be reached from a template. */
export class TemplateStruct {
  constructor(
    readonly type: string,
    readonly fields: Readonly<Record<string, Value>>,
    readonly methods: Readonly<Record<string, TemplateFunction>> = {},
    /** How it is printed, if not as its fields. */
    readonly text?: () => string,
    /** What it counts as where a number is wanted. */
    readonly number?: bigint,
  ) {}

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name);
  }
}

const methodsOfLists = new WeakMap<readonly Value[], Readonly<Record<string, TemplateFunction>>>();

/** A list with methods of its own, as `.Alerts` has `.Firing`. */
export function listWith(items: readonly Value[], methods: Readonly<Record<string, TemplateFunction>>): readonly Value[] {
  const list = [...items];
  methodsOfLists.set(list, methods);
  return list;
}

/** A method of a value, if it has one of that name. */
export function methodOf(value: Value, name: string): TemplateFunction | undefined {
  const methods = value instanceof TemplateMap || value instanceof TemplateStruct ? value.methods : isList(value) ? methodsOfLists.get(value) : undefined;
  return methods !== undefined && Object.hasOwn(methods, name) ? methods[name] : undefined;
}

export function mapOf(record: Readonly<Record<string, string>> | Iterable<readonly [string, string]>, type?: string, methods?: Readonly<Record<string, TemplateFunction>>): TemplateMap {
  const entries = Symbol.iterator in record ? record : Object.entries(record);
  return new TemplateMap(new Map<string, Value>(entries), '', type, methods);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a condition holds: not false, not zero, not empty, not nil. */
export function isTrue(value: Value): boolean {
  if (value instanceof TemplateMap) return value.entries.size > 0;
  if (value instanceof TemplateStruct) return true;
  if (isList(value)) return value.length > 0;
  if (typeof value === 'number') return value !== 0;
  return value !== undefined && value !== false && value !== '' && value !== 0n;
}

/** The name of a value's type, as Go prints it. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'undefined':
      return '<nil>';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
    default:
      if (value instanceof TemplateMap || value instanceof TemplateStruct) return value.type;
      return value.every((item) => typeof item === 'string') && value.length > 0 ? '[]string' : '[]interface {}';
  }
}
