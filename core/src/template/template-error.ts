import { MetricsDashboardError } from '@metrics-dashboard/sdk';
import type { Position } from '@metrics-dashboard/sdk';

/** Whoever wrote the template must act: it can't be read, or can't be run on what it was given. */
export class TemplateError extends MetricsDashboardError {
  readonly code = 'TEMPLATE';
  /** The template's name. */
  readonly template: string;
  readonly position: Position;
  /** What is wrong, without the place. */
  readonly reason: string;
  constructor(template: string, position: Position, reason: string, options: { readonly cause?: unknown } = {}) {
    super(`template ${template}:${position.line}:${position.column}: ${reason}`, options);
    this.template = template;
    this.position = position;
    this.reason = reason;
  }
}

/** The place of a character in a template's text. */
export function placeIn(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
