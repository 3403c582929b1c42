/** What is chosen for one variable, as the server takes it. */
export interface VariableChoice {
  readonly name: string;
  readonly values: string[];
  readonly all: boolean;
}

/** The choices that an expression refers to: a change of another one is none of its business. */
export function choicesFor(expression: string, choices: readonly VariableChoice[]): VariableChoice[] {
  const names = new Set([...expression.matchAll(/\$(?:(\w+)|\{(\w+))/g)].map(([, plain, braced]) => plain ?? braced));
  return choices.filter(({ name }) => names.has(name));
}
