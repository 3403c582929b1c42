/** The bytes that the formats give a meaning. */
export const TAB = 0x09;
export const NEWLINE = 0x0a;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

/** What a byte may be part of, as bits. */
export const LABEL_START = 1;
export const LABEL_PART = 2;
export const METRIC_START = 4;
export const METRIC_PART = 8;

/** The bits of each byte: `[a-zA-Z_][a-zA-Z0-9_]*` for labels, with colons for metrics. */
export const CLASS: Uint8Array = classes();

function classes(): Uint8Array {
  const bits = new Uint8Array(256);
  const all = LABEL_START | LABEL_PART | METRIC_START | METRIC_PART;
  for (let c = 0x61; c <= 0x7a; c++) bits[c] = all;
  for (let c = 0x41; c <= 0x5a; c++) bits[c] = all;
  for (let c = ZERO; c <= NINE; c++) bits[c] = LABEL_PART | METRIC_PART;
  bits[0x5f] = all;
  bits[0x3a] = METRIC_START | METRIC_PART;
  return bits;
}
