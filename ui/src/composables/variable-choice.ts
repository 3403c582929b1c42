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

/** A title with what is chosen in the place of variables; what names none stays. */
export function titled(text: string, choices: readonly VariableChoice[]): string {
  return text.replace(/\$(?:(\w+)|\{(\w+)\})/g, (written, plain?: string, braced?: string) => {
    const choice = choices.find(({ name }) => name === (plain ?? braced));
    if (choice === undefined) return written;
    return choice.all ? 'all' : choice.values.join(', ');
  });
}
