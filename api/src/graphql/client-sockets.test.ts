import { expect, test } from 'vitest';
import { principal } from '../testing/fake-app.js';
import { ClientSockets, clientOf } from './client-sockets.js';

test('operations are counted over the sockets of a client, and not of another', () => {
  const clients = new ClientSockets();
  const [one, two, other] = [{ subscriptions: { a: null, b: null } }, { subscriptions: { a: null } }, { subscriptions: { c: null } }];
  clients.join('vera', one);
  clients.join('vera', two);
  clients.join('wim', other);
  expect([clients.underWay('vera'), clients.underWay('wim'), clients.underWay('nobody')]).toEqual([3, 1, 0]);
  clients.leave('vera', one);
  clients.leave('vera', one);
  expect(clients.underWay('vera')).toBe(1);
  clients.leave('vera', two);
  expect(clients.underWay('vera')).toBe(0);
});

test('a client is a name where there is one, else an address; a name can not look like an address', () => {
  const vera = principal('vera', 'viewer');
  expect(clientOf(vera, '10.0.0.1')).toBe(clientOf(vera, '10.0.0.2'));
  expect(clientOf(undefined, '10.0.0.1')).not.toBe(clientOf(undefined, '10.0.0.2'));
  expect(clientOf(principal('10.0.0.1', 'viewer'), undefined)).not.toBe(clientOf(undefined, '10.0.0.1'));
});
