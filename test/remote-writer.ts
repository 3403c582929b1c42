import { compress } from 'snappy';

/** Sends the samples of some series step by step by remote write 1.0, and remembers what was acknowledged. */
export class RemoteWriter {
  /** Steps that were answered with success. */
  acknowledged = 0;
  /** Steps that were sent at all. */
  sent = 0;

  constructor(
    readonly name: string,
    readonly series: number,
    private readonly start: number,
  ) {}

  timeOf(step: number): number {
    return this.start + step * 10;
  }

  valueOf(series: number, step: number): number {
    return series * 1e6 + step / 8;
  }

  /** Goes on from a step: after a restart, what was stored may be one more than what was acknowledged. */
  resumeAt(step: number): void {
    this.acknowledged = this.sent = step;
  }

  /** One step after another until aborted; rejects when the connection breaks. */
  async writeUntil(url: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const step = this.sent++;
      const response = await fetch(`${url}/api/v1/write`, { method: 'POST', body: await this.#request(step), headers: WRITE_HEADERS, signal });
      if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`);
      this.acknowledged = step + 1;
    }
  }

  #request(step: number): Promise<Uint8Array<ArrayBuffer>> {
    return writeRequest(
      Array.from({ length: this.series }, (_, series) => ({
        labels: { __name__: 'crash_test', series: String(series), writer: this.name },
        value: this.valueOf(series, step),
        at: this.timeOf(step),
      })),
    );
  }
}

/** The headers of a request of remote write 1.0. */
export const WRITE_HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
};

export interface WrittenSample {
  /** In the order of their names. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly at: number;
}

/** A compressed `WriteRequest` with an entry of its own for each sample. Source: https://prometheus.io/docs/specs/prw/remote_write_spec/ */
export async function writeRequest(samples: readonly WrittenSample[]): Promise<Uint8Array<ArrayBuffer>> {
  const message = Buffer.concat(samples.map((sample) => field(1, timeSeries(sample))));
  return new Uint8Array(await compress(message));
}

function timeSeries({ labels, value, at }: WrittenSample): Buffer {
  const pairs = Object.entries(labels).map(([name, text]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(text))])));
  const sample = Buffer.alloc(9);
  sample[0] = 0x09;
  sample.writeDoubleLE(value, 1);
  return Buffer.concat([...pairs, field(2, Buffer.concat([sample, Buffer.from([0x10]), varint(at)]))]);
}

/** A length-delimited field of a message. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
