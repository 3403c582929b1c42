import { isAskedFor } from '../history-filter.js';
import type { AlertingStore, HistoryRecord, HistoryRequest, StoreChange, StoredState } from '../store.js';

/** A store that lives as long as the test: what was written is kept as text, as a database would. */
export class MemoryStore implements AlertingStore {
  readonly documents = new Map<string, string>();
  readonly records: HistoryRecord[] = [];
  writes = 0;

  load(): Promise<StoredState> {
    const all = (kind: string): unknown[] => [...this.documents].filter(([key]) => key.startsWith(`${kind} `)).map(([, text]) => JSON.parse(text) as unknown);
    const state = { alerts: all('alert'), groups: all('group'), log: all('log'), outbox: all('outbox'), silences: all('silence'), receivers: all('receiver'), aliveAt: all('time')[0] };
    return Promise.resolve(state as unknown as StoredState);
  }

  async write(changes: readonly StoreChange[]): Promise<void> {
    this.writes++;
    for (const change of changes) {
      if ('record' in change) this.records.push(change.record);
      else if ('put' in change) this.documents.set(`${change.put} ${change.key}`, JSON.stringify(change.document));
      else this.documents.delete(`${change.remove} ${change.key}`);
    }
  }

  history(request: HistoryRequest): Promise<readonly HistoryRecord[]> {
    return Promise.resolve(this.records.filter((record) => isAskedFor(record, request)).reverse().slice(0, request.limit));
  }

  async forgetHistory(before: number): Promise<void> {
    this.records.splice(0, this.records.length, ...this.records.filter(({ at }) => at >= before));
  }
}
