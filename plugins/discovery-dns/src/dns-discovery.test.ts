import { afterEach, describe, expect, it } from 'vitest';
import type { TargetGroup } from '@metrics-dashboard/sdk';
import { ManualClock, openKind, testDiscovery, testHost } from '@metrics-dashboard/sdk/testing';
import plugin from './index.js';
import { NameServer, records } from './testing/name-server.js';
import type { DnsAnswer } from './testing/name-server.js';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function server(answers: Readonly<Record<string, DnsAnswer>>): Promise<{ server: NameServer; resolvers: string[] }> {
  const made = new NameServer();
  for (const [question, answer] of Object.entries(answers)) made.answers.set(question, answer);
  const resolvers = [await made.listen()];
  closers.push(() => made.close());
  return { server: made, resolvers };
}

async function watching(config: object, clock = new ManualClock()): Promise<() => Promise<readonly TargetGroup[]>> {
  const discovery = await openKind(plugin, 'discovery', config, testHost({ clock }));
  const abort = new AbortController();
  const iterator = discovery.watch(abort.signal)[Symbol.asyncIterator]();
  closers.push(async () => {
    abort.abort();
    await iterator.return?.();
  });
  return async () => (await iterator.next()).value as readonly TargetGroup[];
}

describe('the contract of a discovery', () => {
  const bench = async () => {
    const { server: names, resolvers } = await server({ 'A app.test': [records.a('10.0.0.1')] });
    return {
      discovery: await openKind(plugin, 'discovery', { names: ['app.test'], type: 'A', port: 9100, resolvers }, testHost()),
      groups: [{ source: 'app.test A 10.0.0.1:9100', targets: ['10.0.0.1:9100'], labels: { __meta_dns_name: 'app.test' } }],
      breakSource: async () => void names.answers.set('A app.test', 'fails'),
      close: () => Promise.resolve(),
    };
  };
  for (const test of testDiscovery(bench)) it(test.name, () => test.run());
});

describe('discovery by DNS', () => {
  it.each([
    ['A', [records.a('10.0.0.2'), records.a('10.0.0.1')], ['10.0.0.1:80', '10.0.0.2:80'], {}],
    ['AAAA', [records.aaaa([0xfd00, 0, 0, 0, 0, 0, 0, 1])], ['[fd00::1]:80'], {}],
    ['MX', [records.mx(10, 'mail.test')], ['mail.test:80'], { __meta_dns_mx_record_target: 'mail.test' }],
    ['NS', [records.ns('ns1.test')], ['ns1.test:80'], { __meta_dns_ns_record_target: 'ns1.test' }],
    ['SRV', [records.srv(9100, 'node.test')], ['node.test:9100'], { __meta_dns_srv_record_target: 'node.test', __meta_dns_srv_record_port: '9100' }],
  ])('finds %s records', async (type, answer, addresses, labels) => {
    const { resolvers } = await server({ [`${type} app.test`]: answer });
    const next = await watching({ names: ['app.test'], type, port: 80, resolvers });
    const groups = await next();
    expect(groups.flatMap(({ targets }) => targets)).toEqual(addresses);
    expect(groups[0]?.labels).toEqual({ __meta_dns_name: 'app.test', ...labels });
  });

  it('looks again at each interval; a name that is gone has no targets, one that fails keeps its own', async () => {
    const { server: names, resolvers } = await server({
      'SRV a.test': [records.srv(1, 'a.test')],
      'SRV b.test': [records.srv(1, 'b.test')],
    });
    const clock = new ManualClock();
    const next = await watching({ names: ['a.test', 'b.test'], resolvers, refresh_interval: '10s' }, clock);
    expect((await next()).flatMap(({ targets }) => targets)).toEqual(['a.test:1', 'b.test:1']);
    names.answers.set('SRV a.test', 'fails');
    names.answers.set('SRV b.test', 'no-name');
    const second = next();
    while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(10_000);
    expect((await second).flatMap(({ targets }) => targets)).toEqual(['a.test:1']);
  });

  it('ends in the middle of a question that nobody answers', async () => {
    const { resolvers } = await server({ 'SRV a.test': 'silent' });
    const discovery = await openKind(plugin, 'discovery', { names: ['a.test'], resolvers }, testHost());
    const abort = new AbortController();
    const iterator = discovery.watch(abort.signal)[Symbol.asyncIterator]();
    const next = iterator.next();
    setTimeout(() => abort.abort(), 20);
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it.each([
    [{ names: [] }, 'names no name'],
    [{ names: ['a.test'], type: 'A' }, 'needs a port'],
    [{ names: ['a.test'], type: 'TXT', port: 1 }, 'type'],
    [{ names: ['a.test'], resolvers: ['ns.test'] }, 'not the address of a name server'],
    [{ names: ['a.test'], refresh_interval: '0s' }, 'longer than 0'],
  ])('refuses %j', async (config, message) => {
    await expect(openKind(plugin, 'discovery', config, testHost())).rejects.toThrow(message);
  });
});
