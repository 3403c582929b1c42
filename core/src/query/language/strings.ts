/** What the escapes of one character stand for. */
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** A run of bytes, which are UTF-8 together; a code point; or one character. */
const ESCAPE = /((?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})+)|\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;

/**
 * A string literal with its quotes to its value; undefined when it is malformed. In single and double quotes Go's
 * escapes count, between backticks none does.
 */
export function unquote(literal: string): string | undefined {
  const quote = literal[0];
  if (literal.length < 2 || literal.at(-1) !== quote) return undefined;
  const body = literal.slice(1, -1);
  if (quote === '`') return body.includes('`') ? undefined : body;
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(body)) return undefined;
  return unescape(body, quote ?? '"');
}

function unescape(body: string, quote: string): string | undefined {
  if (!body.includes('\\')) return body;
  let malformed = false;
  const value = body.replace(ESCAPE, (_all, bytes?: string, hex4?: string, hex8?: string, single?: string) => {
    if (bytes !== undefined) return decodeBytes(bytes);
    const hex = hex4 ?? hex8;
    const code = hex === undefined ? undefined : Number.parseInt(hex, 16);
    if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code);
    const plain = single === quote ? quote : single === undefined ? undefined : ESCAPES[single];
    malformed ||= plain === undefined;
    return plain ?? '';
  });
  return malformed ? undefined : value;
}

/** `\xc3\251` and so on; what is no UTF-8 becomes U+FFFD. */
function decodeBytes(escapes: string): string {
  const bytes = [...escapes.matchAll(/\\(?:x([0-9a-fA-F]{2})|([0-7]{3}))/g)].map(([, hex, octal = '']) => (hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16)));
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
