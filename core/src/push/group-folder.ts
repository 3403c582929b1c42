import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Labels, StorageError } from '@metrics-dashboard/sdk';
import { z } from 'zod';
import type { PushedGroup } from './pushed-group.js';

const VERSION = 1;

const TYPES = ['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset', 'unknown'] as const;

const fileSchema = z.object({
  version: z.literal(VERSION),
  labels: z.record(z.string(), z.string()),
  pushed: z.number(),
  failed: z.number(),
  families: z.array(z.object({ name: z.string(), type: z.enum(TYPES), help: z.string(), unit: z.string(), lines: z.string() })),
});

/** A file that holds no group that could be read. */
export interface DamagedFile {
  readonly file: string;
  readonly error: unknown;
}

/**
 * Keeps groups in a folder, a file each: written aside, made durable, and put in place in one step, so that at any moment
 * a group is as it was before a push or as it is after it.
 */
export class GroupFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** All groups there are. Damaged files stay where they are. Throws a `StorageError` for a folder that can't be read. */
  async load(): Promise<{ groups: PushedGroup[]; damaged: DamagedFile[] }> {
    return this.#during('read', this.#path, async () => {
      const groups: PushedGroup[] = [];
      const damaged: DamagedFile[] = [];
      for (const name of (await this.#files()).sort()) {
        const file = join(this.#path, name);
        if (name.endsWith('.tmp')) await rm(file, { force: true });
        if (!name.endsWith('.json')) continue;
        try {
          groups.push(readGroup(await readFile(file, 'utf8')));
        } catch (error) {
          damaged.push({ file, error });
        }
      }
      return { groups, damaged };
    });
  }

  /** Resolved means durable. Throws a `StorageError`; then the file is as it was. */
  async write(group: PushedGroup): Promise<void> {
    const file = this.#fileOf(group.labels);
    await this.#during('write', file, async () => {
      await mkdir(this.#path, { recursive: true });
      await writeDurably(`${file}.tmp`, textOfFile(group));
      await rename(`${file}.tmp`, file);
      await this.#sync();
    });
  }

  async remove(labels: Labels): Promise<void> {
    const file = this.#fileOf(labels);
    await this.#during('remove', file, async () => {
      await rm(file, { force: true });
      await this.#sync();
    });
  }

  /** The folder is made with the first group. */
  #files(): Promise<string[]> {
    return readdir(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
  }

  #fileOf(labels: Labels): string {
    return join(this.#path, `${createHash('sha256').update(labels.key).digest('hex').slice(0, 32)}.json`);
  }

  /** What is in a folder is durable when the folder itself is. */
  async #sync(): Promise<void> {
    const folder = await open(this.#path, 'r');
    await folder.sync().finally(() => folder.close());
  }

  async #during<Result>(step: string, file: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      throw new StorageError(`${step} pushed group`, { file, retryable: true, cause });
    }
  }
}

function textOfFile({ labels, pushed, failed, families }: PushedGroup): string {
  const file: z.infer<typeof fileSchema> = { version: VERSION, labels: labels.toObject(), pushed, failed, families: [...families.values()] };
  return JSON.stringify(file);
}

function readGroup(text: string): PushedGroup {
  const { labels, pushed, failed, families } = fileSchema.parse(JSON.parse(text));
  return { labels: Labels.of(labels), pushed, failed, families: new Map(families.map((family) => [family.name, family])) };
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
