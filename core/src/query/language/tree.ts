import type { SyntaxNode } from '@lezer/common';
import { InvariantError } from '@metrics-dashboard/sdk';

/** The children of a node of the grammar's tree, comments left out. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(child);
  }
  return children;
}

/** A child that the grammar promises. */
export function childOf(node: SyntaxNode, index: number): SyntaxNode {
  const child = childrenOf(node)[index];
  if (child === undefined) throw new InvariantError(`${node.name} has a part ${index}`);
  return child;
}

/** The place of the first thing the grammar could not take, or undefined. */
export function firstError(node: SyntaxNode): SyntaxNode | undefined {
  const cursor = node.cursor();
  do {
    if (cursor.type.isError) return cursor.node;
  } while (cursor.next());
  return undefined;
}
