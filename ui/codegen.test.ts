// @vitest-environment node
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { generate } from '@graphql-codegen/cli';
import { expect, it } from 'vitest';
import config from './codegen.js';

const root = fileURLToPath(new URL('.', import.meta.url));

it('has the generated types of the committed schema; `npm run codegen` renews them', async () => {
  // The generator's type for this is `any`.
  const files = (await generate({ ...config, cwd: root, silent: true }, false)) as { filename: string; content: string }[];
  expect(files.length).toBeGreaterThan(0);
  for (const { filename, content } of files) {
    const committed = await readFile(fileURLToPath(new URL(filename, `file://${root}`)), 'utf8');
    expect(committed === content, `${filename} is up to date`).toBe(true);
  }
}, 30_000);
