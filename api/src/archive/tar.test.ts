import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Random } from '@metrics-dashboard/sdk/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BLOCK, decodeHeader, encodeHeader } from './tar-format.js';
import { readArchive } from './tar-reader.js';
import type { TarSink } from './tar-reader.js';
import { archiveOf } from './tar-writer.js';

let folder: string;

beforeEach(() => void (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tar-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

async function packed(): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of archiveOf(folder)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The bytes in pieces of random lengths. */
async function* torn(bytes: Uint8Array, dice: Random): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const length = dice.below(3000);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

async function unpacked(pieces: AsyncIterable<Uint8Array>): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  let current = '';
  const sink: TarSink = {
    begin: ({ path: name }) => Promise.resolve(void files.set((current = name), Buffer.alloc(0))),
    write: (bytes) => Promise.resolve(void files.set(current, Buffer.concat([files.get(current) ?? Buffer.alloc(0), bytes]))),
    end: () => Promise.resolve(),
  };
  await readArchive(pieces, sink);
  return files;
}

const LONG = `${'long/'.repeat(30)}${'name'.repeat(20)}`;

function fill(dice: Random): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const sizes = [0, 1, 511, 512, 513, 700_000];
  const names = ['a', 'b/c', 'b/d.json', 'ünicode/ß', LONG, 'z'];
  names.forEach((name, i) => files.set(name, Buffer.from(Uint8Array.from({ length: sizes[i] ?? 0 }, () => dice.below(256)))));
  for (const [name, bytes] of files) {
    fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), bytes);
  }
  return files;
}

describe('an archive', () => {
  test.each([1, 2, 3])('gives back what was put in, in whatever pieces it comes, seed %i', async (seed) => {
    const dice = new Random(seed);
    const files = fill(dice);
    const read = await unpacked(torn(await packed(), dice));
    expect([...read.keys()].sort()).toEqual([...files.keys()].sort());
    for (const [name, bytes] of files) expect(read.get(name)?.equals(bytes), name).toBe(true);
  });

  test('of nothing holds nothing', async () => {
    expect(await unpacked(torn(await packed(), new Random(1)))).toEqual(new Map());
  });

  test('that ends too early is an error, wherever it ends', async () => {
    fill(new Random(1));
    const whole = await packed();
    for (const end of [0, 1, 511, 512, 600, whole.length - 1024, whole.length - 700_000]) {
      await expect(unpacked(torn(whole.subarray(0, end), new Random(2)))).rejects.toThrow('the archive ends too early');
    }
  });

  test.each(['/etc/passwd', '../a', 'a/../../b', 'a//b', 'c:/x', 'a\\b', ''])('does not write to %j', async (name) => {
    const archive = Buffer.concat([encodeHeader({ path: name, bytes: 0 }, new Date(0)), Buffer.alloc(2 * BLOCK)]);
    await expect(unpacked(torn(archive, new Random(1)))).rejects.toThrow('does not belong into an archive');
  });

  test('with a flipped bit in a header is an error', () => {
    const header = encodeHeader({ path: 'a', bytes: 12 }, new Date(0));
    header[3] = 1;
    expect(() => decodeHeader(header)).toThrow(/^checksum \d+ of a header, expected \d+$/);
  });

  test('takes files of any size', () => {
    for (const bytes of [0, 8 ** 11 - 1, 8 ** 11, 2 ** 50]) expect(decodeHeader(encodeHeader({ path: 'a', bytes }, new Date(0)))).toEqual({ path: 'a', bytes });
    expect(() => encodeHeader({ path: 'x'.repeat(300), bytes: 0 }, new Date(0))).toThrow('too long');
  });
});
