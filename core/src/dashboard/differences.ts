/** One place where two documents differ. */
export interface Difference {
  /** `panels[cpu].title`; parts of a list are named by their id or name where they have one. */
  readonly path: string;
  /** undefined: not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Where two JSON values differ, deepest places first told apart; order matters in lists of things without a name. */
export function differences(before: unknown, after: unknown, path = ''): readonly Difference[] {
  if (Object.is(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return differencesOfLists(before, after, path);
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  return [{ path, before, after }];
}

/** `panels[cpu].title: "a", now "b"`. */
export function formatDifference({ path, before, after }: Difference): string {
  if (before === undefined) return `${path}: added`;
  if (after === undefined) return `${path}: removed`;
  return `${path}: ${shown(before)}, now ${shown(after)}`;
}

function differencesOfLists(before: readonly unknown[], after: readonly unknown[], path: string): readonly Difference[] {
  const names = [...before, ...after].map(nameOf);
  if (names.some((name) => name === undefined) || new Set(before.map(nameOf)).size < before.length) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, i) => differences(before[i], after[i], `${path}[${i}]`)).flat();
  }
  const old = new Map(before.map((one) => [nameOf(one), one]));
  const now = new Map(after.map((one) => [nameOf(one), one]));
  const inside = [...new Set(names)].flatMap((name) => differences(old.get(name), now.get(name), `${path}[${name}]`));
  const kept = (list: readonly unknown[]): string => list.map(nameOf).filter((name) => old.has(name) && now.has(name)).join();
  return kept(before) === kept(after) ? inside : [...inside, { path: `the order of ${path}`, before: before.map(nameOf), after: after.map(nameOf) }];
}

function nameOf(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const name = value['id'] ?? value['name'];
  return typeof name === 'string' ? name : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
