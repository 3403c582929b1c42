import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const worthIt = /\.(js|css|html|svg)$/;
/** Smaller files fit in one packet anyhow. */
const leastBytes = 1_000;

/** Writes `.br` and `.gz` beside each text file of a build, as small as they get; the server sends whichever a browser takes. */
export function preCompress(): Plugin {
  let folder = '';
  return {
    name: 'pre-compress',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) if (worthIt.test(name)) compress(join(folder, name));
    },
  };
}

function compress(path: string): void {
  const content = readFileSync(path);
  if (content.length < leastBytes) return;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: quality }));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
}
