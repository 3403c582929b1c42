import type { SyntaxNode } from '@lezer/common';
import type { ParseError } from '@metrics-dashboard/sdk';
import { parseError } from './position.js';

/** From how many operators on the grammar's parser may give up for their number alone; it keeps them all in mind until their end. */
const LONG_CHAIN = 350;

/** What the grammar could not take, and where: `broken` is the first error in the tree under `top`. */
export function syntaxError(text: string, top: SyntaxNode, broken: SyntaxNode): ParseError {
  const name = calledName(text, top, broken);
  if (name !== undefined) return parseError(text, name.from, `unknown function with name ${JSON.stringify(text.slice(name.from, name.to))}`);
  const operators = operatorsBefore(text, broken.from);
  if (operators >= LONG_CHAIN) return parseError(text, broken.from, `expression too long, ${operators} operators stand in a row before this`);
  const met = /^\s*(?:"[^"\n]*"?|[\w:.]+|\S)/.exec(text.slice(broken.from))?.[0].trim();
  return parseError(text, broken.from, met === undefined ? 'unexpected end of input' : `unexpected ${JSON.stringify(met)}`);
}

/** A name that no function has is a metric's to the grammar, and what it can't take is the parenthesis after it. */
function calledName(text: string, top: SyntaxNode, broken: SyntaxNode): SyntaxNode | undefined {
  if (!/^\s*\(/.test(text.slice(broken.from))) return undefined;
  const last = top.resolveInner(text.slice(0, broken.from).trimEnd().length, -1);
  return last.name === 'Identifier' && last.parent?.name === 'VectorSelector' ? last : undefined;
}

const TOKENS = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|[([{]|[)\]}]|[-+*/%^@]|[=!<>]=?|\b(?:or|and|unless|atan2|offset)\b/gi;

/** Operators, signs and modifiers before a place, in the brackets that are open there. */
function operatorsBefore(text: string, place: number): number {
  const counts = [0];
  for (const [token] of text.slice(0, place).matchAll(TOKENS)) {
    if ('([{'.includes(token)) counts.push(0);
    else if (')]}'.includes(token)) counts.pop();
    // A range is a modifier too.
    if (!/^["'`#([{)}]/.test(token)) counts.push((counts.pop() ?? 0) + 1);
  }
  return counts.reduce((sum, count) => sum + count, 0);
}
