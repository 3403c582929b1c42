/**
 * The place in the stream of one live query after which a viewer wants to go on. A query's name is made anew whenever the
 * query begins, so a place of another query, of one that has ended or of a server that has stopped never fits.
 */
export function resumeToken(query: string, sequence: number): string {
  return `${query}.${sequence}`;
}

/** The sequence that a token names, when it is one of this query; undefined for everything else that a client may send. */
export function sequenceOf(token: string | undefined, query: string): number | undefined {
  const prefix = `${query}.`;
  if (token?.startsWith(prefix) !== true) return undefined;
  const text = token.slice(prefix.length);
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
