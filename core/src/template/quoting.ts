const SIMPLE: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', '"': '"', "'": "'" };

/** The text of a Go string literal, `"a\n"` or a raw one; undefined when it is not well formed. */
export function unquoteGo(literal: string): string | undefined {
  if (literal.startsWith('`')) return literal.slice(1, -1).replaceAll('\r', '');
  const bytes: number[] = [];
  let isWrong = false;
  let usesBytes = false;
  const text = literal.slice(1, -1).replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/gsu, (whole, x?: string, u?: string, U?: string, octal?: string, simple?: string) => {
    if (x !== undefined || octal !== undefined) {
      usesBytes = true;
      const byte = parseInt(x ?? octal ?? '', x === undefined ? 8 : 16);
      if (byte > 255) isWrong = true;
      bytes.push(byte);
      return String.fromCharCode(byte);
    }
    const code = u ?? U;
    if (code !== undefined) {
      const point = parseInt(code, 16);
      if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) isWrong = true;
      return isWrong ? '' : String.fromCodePoint(point);
    }
    const plain = SIMPLE[simple ?? ''];
    if (plain === undefined) isWrong = true;
    return plain ?? whole;
  });
  if (isWrong) return undefined;
  // Bytes above 127 that were written one by one may make up characters.
  return usesBytes && bytes.some((byte) => byte > 127) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}

/** As Go's `%q` writes a text. */
export function quoteGo(text: string): string {
  let quoted = '"';
  for (const c of text) quoted += quotedCharacter(c, '"');
  return `${quoted}"`;
}

/** As Go's `%q` writes a character. */
export function quoteCharacter(point: number): string {
  return `'${quotedCharacter(String.fromCodePoint(point), "'")}'`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\' };

function quotedCharacter(c: string, mark: string): string {
  if (c === mark) return `\\${mark}`;
  const escape = ESCAPES[c];
  if (escape !== undefined) return escape;
  const point = c.codePointAt(0) ?? 0;
  if (point < 0x20 || point === 0x7f) return `\\x${point.toString(16).padStart(2, '0')}`;
  if (point >= 0x80 && !/[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(c)) return point > 0xffff ? `\\U${point.toString(16).padStart(8, '0')}` : `\\u${point.toString(16).padStart(4, '0')}`;
  return c;
}
