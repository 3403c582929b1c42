import { LimitError } from '@metrics-dashboard/sdk';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import { GraphQLError, getNamedType, isListType, isNonNullType } from 'graphql';
import type { DocumentNode, GraphQLOutputType, GraphQLSchema, ValidationContext, ValidationRule } from 'graphql';
import { getComplexity } from 'graphql-query-complexity';
import type { ComplexityEstimatorArgs } from 'graphql-query-complexity';

/** What one operation may be, over HTTP and over a socket alike. */
export const LIMITS = {
  /** Of a document. The introspection query has some three hundred. */
  tokens: 2000,
  /** Of selections within selections; introspection is not counted. */
  depth: 12,
  aliases: 50,
  directives: 20,
  /** In the units of `costOf`. */
  complexity: 20_000,
  /** Of an HTTP request's body, and of a message on a socket. */
  bodyBytes: 256 * 1024,
  /** Of an HTTP request. */
  batch: 1,
  /** Operations under way on one socket: subscriptions, and queries that have no answer yet. */
  subscriptionsPerSocket: 200,
  /** The same over all sockets of a client. */
  subscriptionsPerClient: 1000,
} as const;

/** How much of persisted documents is kept. */
export const PERSISTED = { documents: 1000, length: 4 * 1024 * 1024 } as const;

/** An error for an operation that is over a limit; the numbers are for the client. */
export function overLimit(name: string, allowed: number, met: number): GraphQLError {
  const originalError = new LimitError(`graphql ${name}`, allowed, met);
  return new GraphQLError(originalError.message, { originalError, extensions: { code: 'LIMIT_EXCEEDED', limit: `graphql ${name}`, allowed, met } });
}

/** The parser says in a sentence only that it stopped at the limit; every other error stays as it is. */
export function nameTokenLimit<Thrown>(thrown: Thrown): Thrown | GraphQLError {
  const isOver = thrown instanceof GraphQLError && /^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(thrown.message);
  return isOver ? overLimit('tokens', LIMITS.tokens, LIMITS.tokens + 1) : thrown;
}

/** Depth, aliases and directives. */
export function limitRules(): readonly ValidationRule[] {
  const limit = (name: 'depth' | 'aliases' | 'directives') => ({ n: LIMITS[name], propagateOnRejection: false, onReject: [reportAs(name)] });
  const off = { enabled: false } as const;
  return new ApolloArmor({
    blockFieldSuggestion: off,
    // Counted by the parser's own option and by `refuseCostly`.
    maxTokens: off,
    costLimit: off,
    maxDepth: limit('depth'),
    maxAliases: limit('aliases'),
    maxDirectives: limit('directives'),
  }).protect().validationRules;
}

/** Throws a `LimitError` in a `GraphQLError` for an operation that asks for too much. */
export function refuseCostly(
  schema: GraphQLSchema,
  query: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): void {
  const cost = complexityOf(schema, query, operationName ?? undefined, variables ?? {});
  if (cost > LIMITS.complexity) throw overLimit('complexity', LIMITS.complexity, Math.ceil(cost));
}

function complexityOf(schema: GraphQLSchema, query: DocumentNode, operationName: string | undefined, variables: Record<string, unknown>): number {
  try {
    return getComplexity({ schema, query, variables, estimators: [costOf], ...(operationName && { operationName }) });
  } catch {
    // Variables that do not fit their types: the execution says so, with the place.
    return 0;
  }
}

const ROOT = 100;
const USUAL_LIST = 10;

/**
 * A root field costs a hundred, any other one; what stands below a list counts ten times, and what stands below a field
 * with a `limit` once more for each hundred of it.
 */
function costOf({ type, field, args, childComplexity }: ComplexityEstimatorArgs): number {
  if (field.name.startsWith('__')) return 0;
  const own = ['Query', 'Mutation', 'Subscription'].includes(getNamedType(type).name) ? ROOT : 1;
  const limit: unknown = args.limit;
  const times = typeof limit === 'number' && limit > 0 ? 1 + limit / 100 : isList(field.type) ? USUAL_LIST : 1;
  return own + times * childComplexity;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

/** Armor says the numbers in a sentence only. */
function reportAs(name: 'depth' | 'aliases' | 'directives') {
  return (context: ValidationContext | null, error: GraphQLError): void => {
    const met = Number(/found (\d+)/.exec(error.message)?.[1] ?? Number.NaN);
    context?.reportError(overLimit(name, LIMITS[name], met));
  };
}
