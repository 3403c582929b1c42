import { quoteCharacter, quoteGo } from './quoting.js';
import { TemplateMap, TemplateStruct, isList, typeName } from './value.js';
import type { Value } from './value.js';

/** A width or precision beyond this is an attack or an accident. */
const WIDEST = 10_000;

/** A value as an action prints it, Go's `%v`. */
export function printed(value: Value): string {
  if (value === undefined) return '<nil>';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatFloat(value, 'g', -1);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof TemplateMap) return `map[${value.sorted().map(([key, inner]) => `${key}:${printed(inner)}`).join(' ')}]`;
  if (value instanceof TemplateStruct) return value.text?.() ?? `{${Object.values(value.fields).map(printed).join(' ')}}`;
  return `[${value.map(printed).join(' ')}]`;
}

/** Go's `Sprint`: a space between two operands of which neither is a text. */
export function sprint(values: readonly Value[]): string {
  let text = '';
  for (const [i, value] of values.entries()) {
    if (i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string') text += ' ';
    text += printed(value);
  }
  return text;
}

const DIRECTIVE = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(.)?/gsu;

interface Directive {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly verb: string;
}

/** Go's `Sprintf`, its way to say what is wrong with an argument included. Throws for a width that is too large. */
export function sprintf(format: string, args: readonly Value[]): string {
  let next = 0;
  const star = (): number | undefined => {
    const value = args[next++];
    return typeof value === 'bigint' ? bounded(Number(value)) : undefined;
  };
  const text = format.replace(DIRECTIVE, (whole, flags: string, width?: string, precision?: string, verb?: string) => {
    if (verb === undefined) return '%!(NOVERB)';
    const hasPoint = /\./.test(whole.slice(0, -verb.length));
    let w = width === '*' ? star() : width === undefined ? undefined : bounded(Number(width));
    let f = flags;
    if (w !== undefined && w < 0) {
      w = -w;
      f += '-';
    }
    const p = precision === '*' ? star() : precision === undefined ? (hasPoint ? 0 : undefined) : bounded(Number(precision));
    if (verb === '%') return '%';
    if (next >= args.length) return `%!${verb}(MISSING)`;
    return formatOne({ flags: f, width: w, precision: p, verb }, args[next++]);
  });
  if (next >= args.length || args.length === 0) return text;
  const extra = args.slice(next).map((value) => (value === undefined ? '<nil>' : `${typeName(value)}=${printed(value)}`));
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

function bounded(n: number): number {
  if (Math.abs(n) > WIDEST) throw new Error(`a width of ${n}, expected at most ${WIDEST}`);
  return n;
}

function formatOne(directive: Directive, value: Value): string {
  const { verb } = directive;
  if (verb === 'T') return padded(typeName(value), directive);
  if (verb === 'v') return formatAny(directive, value);
  if (value === undefined) return `%!${verb}(<nil>)`;
  const text =
    typeof value === 'bigint' || (value instanceof TemplateStruct && value.number !== undefined && 'dboxXcqU'.includes(verb))
      ? formatInteger(directive, value instanceof TemplateStruct ? (value.number ?? 0n) : value)
      : typeof value === 'number'
        ? formatNumber(directive, value)
        : typeof value === 'string'
          ? formatText(directive, value)
          : typeof value === 'boolean'
            ? verb === 't'
              ? padded(String(value), directive)
              : undefined
            : formatComposite(directive, value);
  return text ?? `%!${verb}(${typeName(value)}=${printed(value)})`;
}

function formatAny(directive: Directive, value: Value): string {
  const sharp = directive.flags.includes('#');
  if (typeof value === 'string') return padded(sharp ? quoteGo(value) : cut(value, directive.precision), directive);
  if (typeof value === 'number') return signedAndPadded(formatFloat(value, 'g', directive.precision ?? -1), directive);
  if (typeof value === 'bigint') return formatInteger({ ...directive, verb: 'd' }, value) ?? '';
  if (isList(value)) return `[${value.map((item) => formatAny(directive, item)).join(' ')}]`;
  return padded(printed(value), directive);
}

function formatComposite(directive: Directive, value: TemplateMap | TemplateStruct | readonly Value[]): string | undefined {
  if (isList(value)) return `[${value.map((item) => formatOne(directive, item)).join(' ')}]`;
  if (value instanceof TemplateMap) return `map[${value.sorted().map(([key, inner]) => `${formatOne(directive, key)}:${formatOne(directive, inner)}`).join(' ')}]`;
  if (value.text !== undefined) return formatText(directive, value.text());
  return `{${Object.values(value.fields).map((inner) => formatOne(directive, inner)).join(' ')}}`;
}

function formatText(directive: Directive, value: string): string | undefined {
  switch (directive.verb) {
    case 's':
      return padded(cut(value, directive.precision), directive);
    case 'q':
      return padded(directive.flags.includes('#') && !value.includes('`') ? `\`${value}\`` : quoteGo(cut(value, directive.precision)), directive);
    case 'x':
    case 'X': {
      const hex = Buffer.from(value, 'utf8').toString('hex');
      return padded(directive.verb === 'X' ? hex.toUpperCase() : hex, directive);
    }
    default:
      return undefined;
  }
}

const BASES: Readonly<Record<string, number>> = { d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
const PREFIXES: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' };

function formatInteger(directive: Directive, value: bigint): string | undefined {
  const { verb, flags, precision } = directive;
  if (verb === 'c' || verb === 'q' || verb === 'U') return formatCharacter(directive, Number(value));
  const base = BASES[verb];
  if (base === undefined) return undefined;
  const magnitude = (value < 0n ? -value : value).toString(base);
  const digits = (verb === 'X' ? magnitude.toUpperCase() : magnitude).padStart(precision ?? 0, '0');
  const prefix = verb === 'O' ? '0o' : flags.includes('#') ? (PREFIXES[verb] ?? '') : '';
  const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return zeroPadded(sign, prefix + digits, precision === undefined ? directive : { ...directive, flags: flags.replaceAll('0', '') });
}

function formatCharacter({ verb, ...rest }: Directive, point: number): string | undefined {
  const directive = { verb, ...rest };
  const isValid = Number.isInteger(point) && point >= 0 && point <= 0x10ffff;
  if (verb === 'U') return padded(`U+${point.toString(16).toUpperCase().padStart(4, '0')}`, directive);
  const valid = isValid ? point : 0xfffd;
  return padded(verb === 'c' ? String.fromCodePoint(valid) : quoteCharacter(valid), directive);
}

function formatNumber(directive: Directive, value: number): string | undefined {
  const { verb, precision } = directive;
  if (!'eEfFgG'.includes(verb)) return undefined;
  const lower = verb.toLowerCase() as 'e' | 'f' | 'g';
  const text = formatFloat(value, lower, precision ?? (lower === 'g' ? -1 : 6));
  return signedAndPadded(verb === 'E' || verb === 'G' ? text.toUpperCase().replace('INF', 'Inf').replace('NAN', 'NaN') : text, directive);
}

function signedAndPadded(text: string, directive: Directive): string {
  const { flags } = directive;
  const isNegative = text.startsWith('-');
  const bare = isNegative || text.startsWith('+') ? text.slice(1) : text;
  const hasSign = text.startsWith('+') && bare === 'Inf';
  const sign = isNegative ? '-' : hasSign || flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const isFinite = bare !== 'Inf' && bare !== 'NaN';
  return zeroPadded(sign, bare, isFinite ? directive : { ...directive, flags: flags.replaceAll('0', '') });
}

/** As Go's `strconv.FormatFloat` writes a float64; a precision of -1 is the shortest that reads back. */
export function formatFloat(value: number, format: 'e' | 'f' | 'g', precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + formatMagnitude(Math.abs(value), format, precision);
}

function formatMagnitude(value: number, format: 'e' | 'f' | 'g', precision: number): string {
  const most = Math.min(precision, 100);
  if (format === 'e') return withLongExponent(precision < 0 ? value.toExponential() : value.toExponential(most));
  if (format === 'f') return precision < 0 ? plain(value) : fixed(value, most);
  const shortest = precision < 0;
  const significant = Math.max(1, most);
  const scientific = shortest ? value.toExponential() : value.toExponential(significant - 1);
  const [mantissa = '0', power = '0'] = scientific.split('e');
  const exponent = Number(power);
  const limit = shortest ? 6 : significant;
  if (exponent < -4 || exponent >= limit) return withLongExponent(`${shortest ? mantissa : withoutZeros(mantissa)}e${exponent}`);
  return shortest ? plain(value) : withoutZeros(plainDigits(mantissa, exponent));
}

/** The shortest digits, never with an exponent. */
function plain(value: number): string {
  const [mantissa = '0', power = '0'] = value.toExponential().split('e');
  return plainDigits(mantissa, Number(power));
}

function plainDigits(mantissa: string, exponent: number): string {
  const digits = mantissa.replace('.', '');
  const point = exponent + 1;
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return digits + '0'.repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** `toFixed` goes over to exponents at 10²¹. */
function fixed(value: number, precision: number): string {
  if (value < 1e21) return value.toFixed(precision);
  const whole = BigInt(value).toString();
  return precision === 0 ? whole : `${whole}.${'0'.repeat(precision)}`;
}

function withoutZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

/** Go writes an exponent with two digits at least. */
function withLongExponent(text: string): string {
  return text.replace(/e([+-]?)(\d+)$/, (_, sign: string, digits: string) => `e${sign === '-' ? '-' : '+'}${digits.padStart(2, '0')}`);
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : [...text].slice(0, precision).join('');
}

function padded(text: string, { width, flags }: Directive): string {
  const missing = (width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  return (flags.includes('0') ? '0' : ' ').repeat(missing) + text;
}

function zeroPadded(sign: string, digits: string, directive: Directive): string {
  const { width, flags } = directive;
  if (!flags.includes('0') || flags.includes('-')) return padded(sign + digits, { ...directive, flags: flags.replaceAll('0', '') });
  return sign + digits.padStart((width ?? 0) - sign.length, '0');
}
