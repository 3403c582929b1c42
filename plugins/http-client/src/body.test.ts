import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompress } from './body.js';
import { MemoryBudget } from './memory-budget.js';

const NEVER = new AbortController().signal;

const inPieces = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

const plain = async (bytes: Uint8Array, encoding: string, limit = 0, signal = NEVER): Promise<Uint8Array> => decompress({ chunks: inPieces(bytes, 1000), size: bytes.length }, encoding, limit, signal);

describe('a body', () => {
  it.each([0, 1, 17, 5000, 1_000_000, 3_000_000])('of %i bytes comes out of gzip as it went in, in a buffer of its own', async (size) => {
    const text = Buffer.from(randomBytes(Math.ceil(size / 2)).toString('hex').slice(0, size));
    const body = await plain(gzipSync(text), 'gzip');
    expect(Buffer.from(body).equals(text)).toBe(true);
    expect(body.byteLength).toBe(body.buffer.byteLength);
    expect(Buffer.from(await plain(text, '')).equals(text)).toBe(true);
    expect(Buffer.from(await plain(deflateSync(text), 'deflate')).equals(text)).toBe(true);
  });

  it('may be of several members, and may lie about its size', async () => {
    const twice = Buffer.concat([gzipSync('a 1\n'), gzipSync('b 2\n')]);
    expect(Buffer.from(await plain(twice, 'gzip')).toString()).toBe('a 1\nb 2\n');
    for (const said of [0, 0xffffffff]) {
      const lying = gzipSync('a 1\n'.repeat(10_000));
      lying.writeUInt32LE(said, lying.length - 4);
      await expect(plain(lying, 'gzip')).rejects.toThrow(/incorrect/);
    }
  });

  it('that grows beyond all measure is cut off, small as it came', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(128 * 1024);
    await expect(plain(bomb, 'gzip')).rejects.toThrow('body larger than 64 MB');
    await expect(plain(bomb, 'gzip', 1024 * 1024)).rejects.toThrow('body larger than 1 MB');
    await expect(plain(gzipSync('a 1\n'), 'gzip', 3)).rejects.toThrow('body larger than 3 B');
  });

  it('is not decompressed any further when its time is over', async () => {
    const large = gzipSync(Buffer.alloc(10 * 1024 * 1024));
    await expect(plain(large, 'gzip', 0, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });

  it('that is damaged is an error, not a part of it', async () => {
    const cut = gzipSync('a 1\n'.repeat(1000)).subarray(0, -9);
    await expect(plain(cut, 'gzip')).rejects.toThrow();
    await expect(plain(Buffer.from('a 1\n'), 'gzip')).rejects.toThrow();
    await expect(plain(Buffer.from('a 1\n'), 'zstd')).rejects.toThrow('compressed with "zstd", which was not asked for');
  });
});

it('bodies that are read at the same time take so much together and no more', () => {
  const budget = new MemoryBudget();
  budget.take(300 * 1024 * 1024);
  expect(() => budget.take(300 * 1024 * 1024)).toThrow('the bodies that are being read take 512 MB together');
  budget.give(300 * 1024 * 1024);
  budget.take(500 * 1024 * 1024);
});
