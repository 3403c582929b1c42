/** Label pairs as both formats write them, without the braces; a label with an empty value is left out. */
export function formatLabels(names: readonly string[], values: readonly string[]): string {
  let text = '';
  names.forEach((name, i) => {
    const value = values[i] as string;
    if (value !== '') text += `${text === '' ? '' : ','}${name}="${escapeValue(value)}"`;
  });
  return text;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
