import type { Path } from './path.js';

/** The variables of the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\$(?=\{)|\$\{(?<braced>[A-Za-z_]\w*)\}/g;
/** In external labels Prometheus takes the short form too. Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
const LABEL_REFERENCE = /\$\$|\$\{(?<braced>[A-Za-z_]\w*)\}|\$(?<bare>[A-Za-z_]\w*)/g;

/**
 * `${NAME}` becomes the variable's value; `$${` is a literal `${`. Relabeling rules are left as they are: there, `${1}`
 * and `${name}` are groups of a regular expression. A variable that is not set is an error, except in external
 * labels, where it is empty, as Prometheus has it.
 */
export function expandVariables(
  text: string,
  path: Path,
  environment: Environment,
  error: (message: string) => Error,
): string {
  if (!text.includes('$') || path.some((key) => typeof key === 'string' && key.endsWith('relabel_configs'))) return text;
  const isLabel = path.includes('external_labels');
  return text.replace(isLabel ? LABEL_REFERENCE : REFERENCE, (...matched: unknown[]) => {
    // With named groups in an expression, they are the last thing that is handed over.
    const { braced, bare } = matched.at(-1) as { readonly braced?: string; readonly bare?: string };
    const name = braced ?? bare;
    if (name === undefined) return '$';
    const value = environment[name] ?? (isLabel ? '' : undefined);
    if (value === undefined) throw error(`the environment variable ${name} is not set`);
    return value;
  });
}

/** Whether a text is one reference and nothing else. */
export function isPlainReference(text: string): boolean {
  return /^\$\{[A-Za-z_]\w*\}$/.test(text);
}
