import type { ApolloClient, TypedDocumentNode } from '@apollo/client/core';
import type { PrometheusClient } from '@prometheus-io/codemirror-promql';
import { LabelNamesDocument, LabelValuesDocument, MetadataDocument, SeriesDocument } from '../graphql/generated/graphql.js';

const freshFor = 60_000;
const most = 5_000;

interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly type: number;
}

/**
 * What the editor's completion asks, answered over GraphQL. Answers are kept for a minute; a question that fails has no completions.
 * The editor names a matcher's operator by a number of its grammar, which `operatorByTerm` translates.
 */
export function createCompletionClient(client: ApolloClient<unknown>, operatorByTerm: ReadonlyMap<number, string>): PrometheusClient {
  const kept = new Map<string, { at: number; answer: Promise<unknown> }>();

  async function ask<Data, Variables extends object, Answer>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    read: (data: Data) => Answer,
    otherwise: Answer,
  ): Promise<Answer> {
    try {
      const { data } = await client.query<Data, Variables>({ query: document, variables, fetchPolicy: 'no-cache' });
      return read(data);
    } catch {
      return otherwise;
    }
  }

  function keep<Answer>(key: string, make: () => Promise<Answer>): Promise<Answer> {
    const found = kept.get(key);
    // Keys name the question, so an answer under a key has the type of that question.
    if (found !== undefined && Date.now() - found.at < freshFor) return found.answer as Promise<Answer>;
    const answer = make();
    kept.set(key, { at: Date.now(), answer });
    return answer;
  }

  const valuesOf = (name: string, selectors?: string[]) =>
    keep(`values ${name} ${String(selectors)}`, () =>
      ask(LabelValuesDocument, { name, limit: most, ...(selectors && { selectors }) }, ({ labelValues }) => [...labelValues.values], []),
    );

  return {
    labelNames: (metric) =>
      keep(`names ${metric ?? ''}`, () =>
        ask(LabelNamesDocument, { limit: most, ...(metric && { selectors: [metric] }) }, ({ labelNames }) => [...labelNames.values], []),
      ),
    labelValues: (name, metric, matchers) => valuesOf(name, metric ? [selectorText(metric, matchers ?? [], name ?? '', operatorByTerm)] : undefined),
    metricNames: () => valuesOf('__name__'),
    metricMetadata: () =>
      keep('metadata', () =>
        ask(
          MetadataDocument,
          { limit: most },
          ({ metadata }) => Object.fromEntries(metadata.map(({ metric, type, help }) => [metric, [{ type: type.toLowerCase(), help }]])),
          {},
        ),
      ),
    series: (metric, matchers, name) =>
      ask(
        SeriesDocument,
        { selectors: [selectorText(metric, matchers ?? [], name ?? '', operatorByTerm)], limit: most },
        ({ series }) => series.values.map((labels) => new Map(Object.entries(labels))),
        [],
      ),
    flags: () => Promise.resolve({}),
  };
}

/** The selector of a metric and what is already typed of its matchers, without the one being typed. */
export function selectorText(metric: string, matchers: readonly Matcher[], except: string, operatorByTerm: ReadonlyMap<number, string>): string {
  const written = matchers
    .filter(({ name, value }) => name !== except && value !== '')
    // The editor hands over a value as it stands between the quotes, escapes included.
    .map(({ name, value, type }) => `${name}${operatorByTerm.get(type) ?? '='}"${value}"`);
  return written.length === 0 ? metric : `${metric}{${written.join(',')}}`;
}
