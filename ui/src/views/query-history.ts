const key = 'metrics-dashboard.queries';
const most = 50;

/** Queries that were run in this browser, the newest first, each once. */
export function pastQueries(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  } catch {
    // Storage may be forbidden, or hold what somebody else wrote there.
    return [];
  }
}

/** Puts a query in front of the others. */
export function rememberQuery(query: string): void {
  if (query === '') return;
  try {
    localStorage.setItem(key, JSON.stringify([query, ...pastQueries().filter((other) => other !== query)].slice(0, most)));
  } catch {
    // Without storage there is no history.
  }
}
