import type { ThresholdOperator } from '../graphql/generated/graphql.js';

/** An expression whose values are compared with one number. */
export interface Comparison {
  /** What is compared. */
  readonly expression: string;
  readonly operator: ThresholdOperator;
  readonly threshold: number;
}

const operators: Readonly<Record<string, ThresholdOperator>> = { '>': 'GT', '>=': 'GE', '<': 'LT', '<=': 'LE', '==': 'EQ', '!=': 'NE' };

/**
 * Takes `rate(errors_total[5m]) > 0.5` apart, so that a chart can show the values that are compared and not those alone that are beyond.
 * Undefined where an expression is anything else: a comparison of two series, `bool`, sets, or another number than a plain one.
 */
export function comparisonOf(expression: string): Comparison | undefined {
  const found = /^([\s\S]*?[^\s<>=!])\s*(>=|<=|==|!=|>|<)\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*$/i.exec(expression);
  if (found === null) return undefined;
  const [, left = '', sign = '', number = ''] = found;
  const operator = operators[sign];
  if (operator === undefined || !isOneOperand(left)) return undefined;
  return { expression: left.trim(), operator, threshold: Number(number) };
}

/** Whether a text binds tighter than a comparison does: brackets are closed, and outside of them nothing is compared or put together as sets. */
function isOneOperand(text: string): boolean {
  const outside = outsideOfBrackets(text);
  return outside !== undefined && !/[<>=!]|\b(and|or|unless|bool)\b/i.test(outside);
}

/** What stands outside of brackets and strings; undefined when they do not close. */
function outsideOfBrackets(text: string): string | undefined {
  let depth = 0;
  let outside = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (character === '#') return undefined;
    if (character === '"' || character === "'" || character === '`') {
      const end = endOfString(text, i);
      if (end === undefined) return undefined;
      i = end;
    } else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (depth === 0) outside += character;
    if (depth < 0) return undefined;
  }
  return depth === 0 ? outside : undefined;
}

function endOfString(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\' && quote !== '`') i++;
    else if (text[i] === quote) return i;
  }
  return undefined;
}

/** The expression for the series alone that carries these labels, whatever the expression is. */
export function onlyWith(expression: string, labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).filter((name) => /^[a-zA-Z_]\w*$/.test(name) && name !== '__name__');
  if (names.length === 0) return expression;
  const one = names.reduce((inner, name) => `label_replace(${inner}, ${JSON.stringify(name)}, ${JSON.stringify((labels[name] ?? '').replaceAll('$', '$$$$'))}, "", "")`, 'vector(1)');
  return `(${expression}) and on (${names.join(', ')}) ${one}`;
}
