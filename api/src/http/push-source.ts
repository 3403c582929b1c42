import type { App, Config, Delivery, IngestReport, SourceId, SourceOptions } from '@metrics-dashboard/core';

/**
 * One road of pushes into the engine. The source is opened with the first push, and anew when the configuration has
 * changed, since the engine keeps the decisions it took for a source's series; the old one is closed when its last push is done.
 */
export class PushSource {
  readonly #app: App;
  readonly #name: string;
  readonly #more: (config: Config) => Partial<SourceOptions>;
  #current: Opened | undefined;

  /** `more`: what the road's source has otherwise than those of other roads. */
  constructor(app: App, name: string, more: (config: Config) => Partial<SourceOptions> = () => ({})) {
    this.#app = app;
    this.#name = name;
    this.#more = more;
  }

  /** Rejects as the engine's `ingest` does. */
  async ingest(delivery: Delivery): Promise<IngestReport> {
    const source = this.#forConfig(this.#app.config());
    source.pushes++;
    try {
      return await this.#app.engine.ingest(await this.#idOf(source), delivery);
    } finally {
      source.pushes--;
      if (source !== this.#current && source.pushes === 0) this.#retire(source);
    }
  }

  #forConfig(config: Config): Opened {
    const before = this.#current;
    if (before?.config === config) return before;
    this.#current = { config, id: undefined, pushes: 0 };
    if (before?.pushes === 0) this.#retire(before);
    return this.#current;
  }

  /** Opened once, and tried again after a failure. */
  #idOf(source: Opened): Promise<SourceId> {
    source.id ??= this.#app.engine.openSource(this.#options(source.config)).catch((error: unknown) => {
      source.id = undefined;
      throw error;
    });
    return source.id;
  }

  #retire({ id }: Opened): void {
    id?.then((opened) => this.#app.engine.closeSource(opened, undefined)).catch((error: unknown) => {
      this.#app.log.debug('source of pushes not closed', { source: this.#name, error });
    });
  }

  #options(config: Config): SourceOptions {
    return {
      name: this.#name,
      kind: 'push',
      labels: [],
      honorLabels: true,
      honorTimestamps: true,
      relabel: [],
      sampleLimit: 0,
      nameValidation: config.global.nameValidation,
      fallbackContentType: undefined,
      ...this.#more(config),
    };
  }
}

interface Opened {
  readonly config: Config;
  id: Promise<SourceId> | undefined;
  pushes: number;
}
