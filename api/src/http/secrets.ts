const SECRET = /password|passwd|secret|token|credential|hash|api_?key|service_?key|routing_?key|authorization/i;

/**
 * A copy of a configuration for people to read, without the places it was read from. Whatever stands under a name that sounds like a secret is masked, and
 * so are user and password in an address and everything after its host, where webhooks keep theirs.
 */
export function withoutSecrets(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => (name === 'at' ? [] : [[name, withoutSecrets(inner, name)]])));
  }
  if (typeof value !== 'string') return value;
  if (SECRET.test(key) && !/_?file$/i.test(key)) return '***';
  return /url$/i.test(key) ? value.replace(/^(\w+:\/\/)([^/@]*@)?([^/?]*).*$/, '$1$3/***') : value;
}
