// The samples that benchmarks send: as many series as asked for, every 15 seconds, by remote write.
import { compress } from 'snappy';
import { WRITE_HEADERS } from '../remote-writer.js';

export const INTERVAL = 15_000;

/** Which samples: step 0 is at `start`, in milliseconds. */
export interface Load {
  readonly series: number;
  readonly start: number;
  /** Values repeat their pattern after so many steps. */
  readonly steps: number;
}

/** Samples in one request, as far as one step has so many; what a Prometheus sends at most unless told otherwise. */
const PER_BODY = 2000;
/** Requests under way at once. */
const CONNECTIONS = 2;
/** A time of this century takes so many bytes. */
const TIME_BYTES = 6;
const KINDS = ['requests_total', 'received_bytes_total', 'load_percent', 'state'];

/** Sends steps of a load to a server, one after the other: no series is ahead of the others. */
export class Sender {
  readonly #url: string;
  readonly #bodies: readonly Body[];

  constructor(load: Load, url: string) {
    this.#url = `${url}/api/v1/write`;
    this.#bodies = Array.from({ length: Math.ceil(load.series / PER_BODY) }, (_, i) => new Body(load, i * PER_BODY));
  }

  /** The steps from `from` up to, not including, `to`; all are acknowledged then. */
  async send(from: number, to: number): Promise<void> {
    for (let step = from; step < to; step++) {
      const underWay = new Set<Promise<void>>();
      for (const body of this.#bodies) {
        const sending = this.#post(await body.at(step)).finally(() => underWay.delete(sending));
        underWay.add(sending);
        if (underWay.size >= CONNECTIONS) await Promise.race(underWay);
      }
      await Promise.all(underWay);
    }
  }

  async #post(body: Uint8Array<ArrayBuffer>): Promise<void> {
    for (;;) {
      const answer = await fetch(this.#url, { method: 'POST', body, headers: WRITE_HEADERS });
      await answer.arrayBuffer();
      if (answer.ok) return;
      if (answer.status !== 503 && answer.status !== 429) throw new Error(`remote write: status ${answer.status}`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** The samples of one step of some series, with room for their values. */
class Body {
  readonly #load: Load;
  readonly #first: number;
  readonly #bytes: Buffer;
  /** Where the value of each series is, and behind it, after one byte, its time. */
  readonly #places: readonly number[];

  constructor(load: Load, first: number) {
    this.#load = load;
    this.#first = first;
    const messages = Array.from({ length: Math.min(PER_BODY, load.series - first) }, (_, i) => timeSeries(first + i, load.start));
    let at = 0;
    this.#places = messages.map((message) => (at += message.length) - 8 - 1 - TIME_BYTES);
    this.#bytes = Buffer.concat(messages);
  }

  async at(step: number): Promise<Uint8Array<ArrayBuffer>> {
    const time = varint(this.#load.start + step * INTERVAL);
    this.#places.forEach((place, i) => {
      this.#bytes.writeDoubleLE(valueOf(this.#first + i, step, this.#load.steps), place);
      time.copy(this.#bytes, place + 8 + 1);
    });
    return new Uint8Array(await compress(this.#bytes));
  }
}

/** Of four series two are counters, one faster than the other, one a gauge with two decimals, and one hardly ever changes. */
function valueOf(series: number, step: number, steps: number): number {
  const noise = Math.imul((series + 1) ^ Math.imul(step + 1, 2_654_435_761), 1_597_334_677) >>> 16;
  switch (series % 4) {
    case 0:
      return step * (1 + (series % 50)) + (noise & 7);
    case 1:
      return step * 4096 * (1 + (series % 9)) + (noise & 255) * 64;
    case 2:
      return Math.round((50 + 40 * Math.sin((step + series) / 300)) * 100 + (noise & 127)) / 100;
    default:
      return step < series % steps ? 0 : 1;
  }
}

/** A `TimeSeries` message whose value is 0, with its sample at its end. */
function timeSeries(series: number, at: number): Buffer {
  const labels = { __name__: `load_${KINDS[series % 4]}`, instance: `host-${Math.floor(series / 40) % 2500}:9100`, job: 'load', part: String(Math.floor(series / 4) % 10), region: `region-${series % 7}`, series: String(series) };
  const pairs = Object.entries(labels).map(([name, value]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])));
  const sample = Buffer.concat([Buffer.from([0x09]), Buffer.alloc(8), Buffer.from([0x10]), varint(at)]);
  return field(1, Buffer.concat([...pairs, field(2, sample)]));
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
