import { BlockList, isIP } from 'node:net';
import type { ProxyConfig } from './config.js';

/** The proxy on the way to an address; undefined: there is none. */
export type ProxyFor = (url: URL) => URL | undefined;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Which addresses go through which proxy. With `no_proxy`, and with the variables of the environment, this machine itself
 * is never asked through one.
 * Source: https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config.
 */
export function proxyFor(config: ProxyConfig, environment: Environment = process.env): ProxyFor {
  const { proxy_url: fixed, no_proxy: except } = config;
  if (fixed !== undefined) {
    const proxy = new URL(fixed);
    if (except === '') return () => proxy;
    const isDirect = directHosts(except);
    return (url) => (isDirect(url) ? undefined : proxy);
  }
  if (!config.proxy_from_environment) return () => undefined;
  const variable = (name: string): string => environment[name.toUpperCase()] ?? environment[name] ?? '';
  const isDirect = directHosts(variable('no_proxy'));
  return (url) => {
    const text = variable(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
    const proxy = urlOf(text);
    return proxy === undefined || isDirect(url) ? undefined : proxy;
  };
}

function urlOf(text: string): URL | undefined {
  if (text === '') return undefined;
  const whole = text.includes('://') ? text : `http://${text}`;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

/** `no_proxy` as a question. */
function directHosts(list: string): (url: URL) => boolean {
  const entries = list.split(',').map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== '');
  const addresses = new BlockList();
  const names: string[] = [];
  for (const entry of entries) if (!addRange(addresses, entry)) names.push(entry);
  return (url) => {
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    if (host === 'localhost' || host.startsWith('127.') || host === '::1') return true;
    const family = isIP(host);
    if (family !== 0 && addresses.check(host, family === 6 ? 'ipv6' : 'ipv4')) return true;
    return names.some((name) => isNamed(name, host, port));
  };
}

/** Takes an address, or a range of addresses; false for anything else. */
function addRange(list: BlockList, entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) list.addAddress(address, type);
  else list.addSubnet(address, Number(bits), type);
  return true;
}

/** `*` is every host, `.example.com` the subdomains, `example.com` itself and its subdomains; each with or without a port. */
function isNamed(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, name = entry, onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const bare = name.replace(/^\*?\./, '');
  return host.endsWith(`.${bare}`) || (host === bare && name === bare);
}
