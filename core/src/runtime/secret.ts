/** What a secret prints as. */
const MASK = '***';

const NAME_OF_SECRET = /(?:^|_)(?:password|passwd|secret|token|credentials|api_key|service_key|routing_key|hash)s?$/;

/** Whether a key, `password` or `bearerToken`, says that what it holds must not be shown. A key that names a file of a secret does not. */
export function isSecretName(key: string): boolean {
  return NAME_OF_SECRET.test(key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase());
}

/** A copy of plain data in which every value under a secret's name is masked. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hide(key, inner)]));
}

function hide(key: string, value: unknown): unknown {
  return isSecretName(key) && typeof value === 'string' ? MASK : masked(value);
}
