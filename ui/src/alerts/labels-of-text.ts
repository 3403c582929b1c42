/** Labels as people write them: `job=api severity="page me"`, with commas or spaces between them; what is neither is left out. */
export function labelsOfText(text: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const [, name = '', quoted, plain] of text.matchAll(/([^\s,={}"]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,{}"]*))/g)) {
    labels[name] = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1');
  }
  return labels;
}
