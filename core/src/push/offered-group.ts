import type { Clock, Timestamp } from '@metrics-dashboard/sdk';
import type { Engine, SourceId } from '../engine/engine.js';
import type { IngestReport, SourceOptions } from '../ingest/delivery.js';
import { EXPOSITION_TYPE } from '../ingest/families.js';
import { textOfGroup } from './pushed-group.js';
import type { PushedGroup } from './pushed-group.js';

const NOTHING: IngestReport = { accepted: 0, scraped: 0, afterRelabeling: 0, seriesAdded: 0, exemplars: 0, refused: {}, examples: [], error: undefined };

/** A group and its source in the engine, which remembers the group's series from one offer to the next. */
export class OfferedGroup {
  /** What is offered from now on. */
  current: PushedGroup;
  readonly #engine: Engine;
  readonly #clock: Clock;
  #nameValidation: SourceOptions['nameValidation'];
  #source: Promise<SourceId> | undefined;
  /** A source that has been followed by another one, or will be. */
  #outdated: Promise<SourceId> | undefined;
  #lastAt: Timestamp = 0;
  #isEnded = false;

  constructor(engine: Engine, clock: Clock, group: PushedGroup, nameValidation: SourceOptions['nameValidation']) {
    this.#engine = engine;
    this.#clock = clock;
    this.current = group;
    this.#nameValidation = nameValidation;
  }

  /** The next offer is that of a source with other options. */
  renew(nameValidation: SourceOptions['nameValidation']): void {
    this.#nameValidation = nameValidation;
    this.#outdated ??= this.#source;
    this.#source = undefined;
  }

  /** Offers the group as it is now, unless it was ended. Rejects as the engine's `ingest` does. */
  async offer(): Promise<IngestReport> {
    const source = await this.#open();
    if (this.#isEnded) return NOTHING;
    const body = new TextEncoder().encode(textOfGroup(this.current));
    return this.#engine.ingest(source, { at: this.#nextTime(), seconds: 0, outcome: { ok: true, contentType: EXPOSITION_TYPE, body } });
  }

  /** Ends the group's series. One that was not offered since the start is offered once more: so the engine knows them. */
  async end(): Promise<void> {
    if (this.#source === undefined) await this.offer();
    const source = await this.#open();
    this.#isEnded = true;
    await this.#engine.closeSource(source, this.#nextTime());
  }

  /** One sample of a series in each millisecond, and the end after the last of them. */
  #nextTime(): Timestamp {
    this.#lastAt = Math.max(this.#clock.now(), this.#lastAt + 1);
    return this.#lastAt;
  }

  async #open(): Promise<SourceId> {
    this.#source ??= this.#engine.openSource(this.#options()).catch((error: unknown) => {
      this.#source = undefined;
      throw error;
    });
    const source = await this.#source;
    const outdated = await this.#outdated;
    this.#outdated = undefined;
    if (outdated !== undefined) await this.#engine.closeSource(outdated, undefined);
    return source;
  }

  #options(): SourceOptions {
    return {
      name: `pushed group ${this.current.labels.toString()}`,
      kind: 'group',
      labels: [],
      honorLabels: true,
      honorTimestamps: false,
      relabel: [],
      sampleLimit: 0,
      nameValidation: this.#nameValidation,
      fallbackContentType: undefined,
    };
  }
}
