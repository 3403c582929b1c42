import { Resolver } from 'node:dns/promises';
import { UnavailableError, pollGroups } from '@metrics-dashboard/sdk';
import type { Host, TargetDiscovery, TargetGroup } from '@metrics-dashboard/sdk';
import type { DnsConfig } from './config.js';

/** One question, in milliseconds, and how often it is asked before its name server counts as silent. */
const PATIENCE = { timeout: 2_000, tries: 3 } as const;

/** Answers that say: there is no such record. That is an empty set, and no failure. */
const NOTHING: ReadonlySet<string> = new Set(['ENODATA', 'ENOTFOUND']);

/** A target and the labels of its record. */
interface Found {
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Asks for the records of names. A name that can't be looked up keeps its last set. */
export class DnsDiscovery implements TargetDiscovery {
  readonly #config: DnsConfig;
  readonly #host: Host;

  constructor(config: DnsConfig, host: Host) {
    this.#config = config;
    this.#host = host;
  }

  async *watch(signal: AbortSignal): AsyncGenerator<readonly TargetGroup[]> {
    const { names, resolvers, refresh_interval: every } = this.#config;
    const resolver = new Resolver(PATIENCE);
    if (resolvers.length > 0) resolver.setServers(resolvers);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const parts = () => Promise.resolve([...new Set(names)]);
      yield* pollGroups({ every, parts, read: (name) => this.#groupsOf(resolver, name) }, this.#host, signal);
    } finally {
      signal.removeEventListener('abort', cancel);
      cancel();
    }
  }

  /** One group a record, as each has labels of its own; in a stable order, as name servers turn theirs around. */
  async #groupsOf(resolver: Resolver, name: string): Promise<TargetGroup[]> {
    const found = await this.#lookUp(resolver, name);
    return found
      .map(({ address, labels }) => ({
        source: `${name} ${this.#config.type} ${address}`,
        targets: [address],
        labels: { __meta_dns_name: name, ...labels },
      }))
      .sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0));
  }

  async #lookUp(resolver: Resolver, name: string): Promise<Found[]> {
    try {
      return await this.#records(resolver, name);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (NOTHING.has(code)) return [];
      throw new UnavailableError(`${this.#config.type} of ${JSON.stringify(name)} can't be looked up: ${code}`, 1000, { cause: error });
    }
  }

  async #records(resolver: Resolver, name: string): Promise<Found[]> {
    const { type, port = 0 } = this.#config;
    switch (type) {
      case 'A':
        return (await resolver.resolve4(name)).map((address) => ({ address: `${address}:${port}`, labels: {} }));
      case 'AAAA':
        return (await resolver.resolve6(name)).map((address) => ({ address: `[${address}]:${port}`, labels: {} }));
      case 'MX':
        return (await resolver.resolveMx(name)).map(({ exchange }) => ({
          address: `${exchange}:${port}`,
          labels: { __meta_dns_mx_record_target: exchange },
        }));
      case 'NS':
        return (await resolver.resolveNs(name)).map((target) => ({
          address: `${target}:${port}`,
          labels: { __meta_dns_ns_record_target: target },
        }));
      case 'SRV':
        return (await resolver.resolveSrv(name)).map(({ name: target, port: own }) => ({
          address: `${target}:${own}`,
          labels: { __meta_dns_srv_record_target: target, __meta_dns_srv_record_port: String(own) },
        }));
    }
  }
}
