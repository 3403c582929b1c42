import { ParseError, matcher } from '@metrics-dashboard/sdk';
import type { Matcher, MatchOperator } from '@metrics-dashboard/sdk';

// The two spellings of matchers that Alertmanager reads, tried in this order: names in any script and values that need
// no quotes, `ämne=~"a|b"`; and the older one, in which an unquoted value goes on to the next comma, `path=/a b`.
// Source: https://prometheus.io/docs/alerting/latest/configuration/#matcher

const OPERATOR = /^(=~|!~|!=|=)/;
const PLAIN = /^[^{}!=~,\\"'`\s]+/;
const QUOTED = /^"(?:[^"\\\n]|\\.)*"/s;

/** Reads `foo="bar"`, `foo="bar",baz!~"x.*"`, or the same in braces. Throws a `ParseError` with the column. */
export function parseMatchers(text: string): Matcher[] {
  try {
    return new MatcherParser(text).parse();
  } catch (error) {
    const older = parseOlder(text);
    if (older === undefined) throw error;
    return older;
  }
}

class MatcherParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Matcher[] {
    const isBraced = this.#take(/^\{/) !== undefined;
    const matchers: Matcher[] = [];
    while (!this.#isAtEnd(isBraced)) {
      matchers.push(this.#matcher());
      if (this.#take(/^,/) === undefined) break;
    }
    if (isBraced && this.#take(/^\}/) === undefined) throw this.#expected('"," or "}"');
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#expected(isBraced ? 'nothing after "}"' : '","');
    return matchers;
  }

  #isAtEnd(isBraced: boolean): boolean {
    this.#skipSpace();
    return this.#at >= this.#text.length || (isBraced && this.#text.startsWith('}', this.#at));
  }

  #matcher(): Matcher {
    const name = this.#word();
    if (name === undefined || name === '') throw this.#expected('the name of a label');
    const operator = this.#take(OPERATOR);
    if (!isOperator(operator)) throw this.#expected('one of = != =~ !~');
    const value = this.#word();
    if (value === undefined) throw this.#expected('a value');
    return matcher(name, operator, value);
  }

  #word(): string | undefined {
    const quoted = this.#take(QUOTED);
    return quoted === undefined ? this.#take(PLAIN) : unquoted(quoted.slice(1, -1));
  }

  #take(form: RegExp): string | undefined {
    this.#skipSpace();
    const found = form.exec(this.#text.slice(this.#at))?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skipSpace(): void {
    this.#at += /^\s*/.exec(this.#text.slice(this.#at))?.[0].length ?? 0;
  }

  #expected(what: string): ParseError {
    const column = this.#at + 1;
    return new ParseError(`matchers ${JSON.stringify(this.#text)}, column ${column}: expected ${what}`, { position: { line: 1, column } });
  }
}

const OLDER = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*(.*?)\s*$/s;

function parseOlder(text: string): Matcher[] | undefined {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1] ?? text;
  const matchers: Matcher[] = [];
  for (const part of splitOutsideQuotes(inner)) {
    const [, name, operator, raw] = OLDER.exec(part) ?? [];
    if (name === undefined || raw === undefined || !isOperator(operator)) return undefined;
    const isQuoted = raw.length >= 2 && raw.startsWith('"') && raw.endsWith('"');
    const value = isQuoted ? raw.slice(1, -1) : raw;
    if (/(?:^|[^\\])"/.test(value)) return undefined;
    matchers.push(matcher(name, operator, unquoted(value)));
  }
  return matchers;
}

function splitOutsideQuotes(text: string): string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"]|")+/gs) ?? [];
  return parts.filter((part) => part.trim() !== '');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unquoted(text: string): string {
  return text.replace(/\\(.)/gs, (whole, letter: string) => {
    if (letter === '"' || letter === '\\' || letter === "'") return letter;
    return ESCAPES[letter] ?? whole;
  });
}

function isOperator(text: string | undefined): text is MatchOperator {
  return text === '=' || text === '!=' || text === '=~' || text === '!~';
}
