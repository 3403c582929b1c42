import { ofTexts, takes, textOf } from './functions.js';
import type { FunctionTable } from './functions.js';
import { humanize, humanize1024, humanizeDuration, humanizePercentage, numberOf } from './humanize.js';
import { SafeRegex } from './regex.js';

/** A text that functions make may not be longer than this. */
const LONGEST = 1_000_000;

/** Functions that the templates of rules and of notifications have in common; none of them does I/O. */
export const TEXT_FUNCTIONS: FunctionTable = {
  toUpper: ofTexts(1, (text = '') => text.toUpperCase()),
  toLower: ofTexts(1, (text = '') => text.toLowerCase()),
  title: ofTexts(1, (text = '') => titleCase(text)),
  trimSpace: ofTexts(1, (text = '') => text.trim()),
  match: ofTexts(2, (pattern = '', text = '') => regexOf(pattern).test(text)),
  reReplaceAll: ofTexts(3, (pattern = '', replacement = '', text = '') => bounded(regexOf(pattern).replaceAll(text, replacement))),
  safeHtml: ofTexts(1, (text = '') => text),
  humanize: takes(1, 1, (value) => humanize(numberOf(value))),
  humanize1024: takes(1, 1, (value) => humanize1024(numberOf(value))),
  humanizeDuration: takes(1, 1, (value) => humanizeDuration(numberOf(value))),
  humanizePercentage: takes(1, 1, (value) => humanizePercentage(numberOf(value))),
  stringSlice: takes(0, Infinity, (...texts) => texts.map(textOf)),
  join: takes(2, 2, (separator, texts) => {
    if (!Array.isArray(texts)) throw new Error('wrong type of value; expected a list of texts');
    return bounded(texts.map(textOf).join(textOf(separator)));
  }),
};

/** The first letter of each word large. */
function titleCase(text: string): string {
  return text.replace(/(^|[^\p{L}\p{Nd}_'])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

function bounded(text: string): string {
  if (text.length > LONGEST) throw new Error(`a text of ${text.length} characters, expected at most ${LONGEST}`);
  return text;
}

const recent = new Map<string, SafeRegex>();

/** Expressions of templates are few and met again and again. */
function regexOf(pattern: string): SafeRegex {
  const known = recent.get(pattern);
  if (known !== undefined) return known;
  const regex = new SafeRegex(pattern);
  if (recent.size >= 200) recent.clear();
  recent.set(pattern, regex);
  return regex;
}
