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
      const body = await compress(this.#message(step));
      const response = await fetch(`${url}/api/v1/write`, { method: 'POST', body: new Uint8Array(body), headers: HEADERS, signal });
      if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`);
      this.acknowledged = step + 1;
    }
  }

  #message(step: number): Buffer {
    const entries = Array.from({ length: this.series }, (_, series) => {
      const labels = { __name__: 'crash_test', series: String(series), writer: this.name };
      return timeSeries(labels, this.valueOf(series, step), this.timeOf(step));
    });
    return Buffer.concat(entries.map((entry) => field(1, entry)));
  }
}

const HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
};

/** One `TimeSeries` message. Source: https://prometheus.io/docs/specs/prw/remote_write_spec/ */
export function timeSeries(labels: Readonly<Record<string, string>>, value: number, at: number): Buffer {
  const parts = Object.entries(labels).map(([name, text]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(text))])));
  const sample = Buffer.alloc(9);
  sample[0] = 0x09;
  sample.writeDoubleLE(value, 1);
  return Buffer.concat([...parts, field(2, Buffer.concat([sample, Buffer.from([0x10]), varint(at)]))]);
}

/** A length-delimited field of a message. */
export function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
