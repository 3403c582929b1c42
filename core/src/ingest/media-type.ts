import type { ExpositionParser } from '@metrics-dashboard/sdk';

/** `text/plain` of `Text/Plain; version=0.0.4`. */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** The parser that reads a media type, and the content type to tell it; undefined when there is none. */
export function parserFor(
  parsers: readonly ExpositionParser[],
  contentType: string,
  fallback: string | undefined,
): { parser: ExpositionParser; contentType: string } | undefined {
  for (const candidate of fallback === undefined ? [contentType] : [contentType, fallback]) {
    const mediaType = mediaTypeOf(candidate);
    const parser = parsers.find(({ contentTypes }) => contentTypes.includes(mediaType));
    if (parser) return { parser, contentType: candidate };
  }
  return undefined;
}

/** All that parsers ask targets for, as the value of an Accept header. */
export function acceptHeaderOf(parsers: readonly ExpositionParser[]): string {
  return [...parsers.flatMap(({ accept }) => accept), '*/*;q=0.1'].join(',');
}
