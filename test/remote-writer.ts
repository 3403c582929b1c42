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
  return compressed(messageV1(samples.map(({ labels, value, at }) => ({ labels: Object.entries(labels), samples: [{ value, at }] }))));
}

/** A series as a sender writes it: labels in its own order. */
export interface WrittenSeries {
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** A value may be the bits of a float64. */
  readonly samples: readonly { readonly value: number | bigint; readonly at: number }[];
}

export async function compressed(message: Buffer): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await compress(message));
}

/** `prometheus.WriteRequest`: 1 series (1 labels (1 name, 2 value), 2 samples (1 value, 2 time)). */
export function messageV1(series: readonly WrittenSeries[]): Buffer {
  const pair = ([name, text]: readonly [string, string]): Buffer => field(1, field(1, Buffer.from(name)), field(2, Buffer.from(text)));
  return Buffer.concat(series.map(({ labels, samples }) => field(1, ...labels.map(pair), ...samples.map(sampleOf))));
}

/** `io.prometheus.write.v2.Request`: 4 symbols, 5 series (1 references to symbols, 2 samples). Source: https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/ */
export function messageV2(series: readonly WrittenSeries[], furtherReferences: readonly number[] = []): Buffer {
  const symbols = new Map([['', 0]]);
  const referTo = (text: string): number => {
    symbols.set(text, symbols.get(text) ?? symbols.size);
    return symbols.get(text) ?? 0;
  };
  const all = series.map(({ labels, samples }) => {
    const references = [...labels.flat().map(referTo), ...furtherReferences].map(varint);
    return field(5, ...(references.length > 0 ? [field(1, ...references)] : []), ...samples.map(sampleOf));
  });
  return Buffer.concat([...[...symbols.keys()].map((text) => field(4, Buffer.from(text))), ...all]);
}

function sampleOf({ value, at }: WrittenSeries['samples'][number]): Buffer {
  const bytes = Buffer.alloc(9, 0x09);
  if (typeof value === 'bigint') bytes.writeBigUInt64LE(value, 1);
  else bytes.writeDoubleLE(value, 1);
  return field(2, bytes, Buffer.from([0x10]), varint(at));
}

/** A length-delimited field of a message. */
function field(number: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
