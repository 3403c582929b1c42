import type { LogicalNode } from './logical.js';
import { inputsOf, typeOf, withInputs } from './logical.js';

/** Functions that look at what their argument is, so that nothing may stand in between. */
const LOOKING: ReadonlySet<string> = new Set(['absent', 'timestamp', 'info']);

/**
 * Expressions that occur more than once, over one grid, are computed once: `rate(a[5m]) / sum(rate(a[5m]))`. What runs at
 * steps of its own, the inside of a subquery or of a `once`, shares with itself alone.
 */
export function shareCommon(plan: LogicalNode): LogicalNode {
  // Only what reads samples is shared.
  return readings(plan) < 2 ? plan : new Sharing().run(plan);
}

function readings(node: LogicalNode): number {
  if (node.kind === 'select' || node.kind === 'window') return 1;
  return inputsOf(node).reduce((sum, input) => sum + readings(input), 0);
}

class Sharing {
  readonly #numbers = new Map<string, number>();
  readonly #numberOf = new Map<LogicalNode, number>();
  readonly #counts = new Map<string, number>();
  readonly #scopes = new Map<LogicalNode, number>();

  run(plan: LogicalNode): LogicalNode {
    this.#number(plan);
    this.#count(plan, 0);
    return this.#rewrite(plan, 0, false);
  }

  /** Equal nodes have equal numbers, wherever they stand in the text. */
  #number(node: LogicalNode): number {
    const inputs = inputsOf(node).map((input) => this.#number(input));
    const own = JSON.stringify({ ...node, from: 0, to: 0, inner: 0, args: 0, left: 0, right: 0, parameter: 0 }, spelled);
    const key = `${inputs.join(' ')} ${own}`;
    const number = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, number);
    this.#numberOf.set(node, number);
    return number;
  }

  #keyOf(node: LogicalNode, scope: number): string {
    return `${scope} ${this.#numberOf.get(node)}`;
  }

  #count(node: LogicalNode, scope: number): void {
    const key = this.#keyOf(node, scope);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    for (const input of inputsOf(node)) this.#count(input, this.#scopeBelow(node, scope));
  }

  #scopeBelow(node: LogicalNode, scope: number): number {
    if (node.kind !== 'subquery' && node.kind !== 'once') return scope;
    const known = this.#scopes.get(node) ?? this.#scopes.size + 1;
    this.#scopes.set(node, known);
    return known;
  }

  #rewrite(node: LogicalNode, scope: number, isLookedAt: boolean): LogicalNode {
    const key = this.#keyOf(node, scope);
    if (!isLookedAt && (this.#counts.get(key) ?? 0) > 1 && isWorthwhile(node)) {
      return { kind: 'shared', key, inner: node, from: node.from, to: node.to };
    }
    const below = this.#scopeBelow(node, scope);
    const looks = node.kind === 'call' && LOOKING.has(node.name);
    return withInputs(node, (input) => this.#rewrite(input, below, looks));
  }
}

/** Vectors that come from a selector; ranges stay below their function. */
function isWorthwhile(node: LogicalNode): boolean {
  return typeOf(node) === 'vector' && node.kind !== 'once' && readsSamples(node);
}

function readsSamples(node: LogicalNode): boolean {
  return node.kind === 'select' || node.kind === 'window' || inputsOf(node).some(readsSamples);
}

/** JSON has no word for some numbers. */
function spelled(_key: string, value: unknown): unknown {
  return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)) ? `number ${Object.is(value, -0) ? '-0' : String(value)}` : value;
}
