import type { FetchResult, Operation } from '@apollo/client/core';
import { ApolloClient, ApolloLink, InMemoryCache, Observable } from '@apollo/client/core';

/** One operation that reached the server: answer it, go on answering, or end it. */
export interface Reached {
  readonly name: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly answer: (data: Readonly<Record<string, unknown>>) => void;
  readonly fail: (error: Error) => void;
  /** Says that there are no further answers. */
  readonly end: () => void;
  readonly isOpen: () => boolean;
}

/** A server in this process, for tests of what talks to one: it notes what arrives, and the test answers. */
export function createFakeServer(): { readonly client: ApolloClient<unknown>; readonly reached: Reached[] } {
  const reached: Reached[] = [];
  const link = new ApolloLink((operation) => receive(operation, reached));
  return { client: new ApolloClient({ link, cache: new InMemoryCache() }), reached };
}

function receive({ operationName, variables }: Operation, reached: Reached[]): Observable<FetchResult> {
  return new Observable<FetchResult>((observer) => {
    let isOpen = true;
    reached.push({
      name: operationName,
      variables,
      answer: (data) => observer.next({ data }),
      fail: (error) => observer.error(error),
      end: () => observer.complete(),
      isOpen: () => isOpen,
    });
    return () => {
      isOpen = false;
    };
  });
}
