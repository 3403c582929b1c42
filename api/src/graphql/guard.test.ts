import { buildSchema } from 'graphql';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { addDoorkeeper } from '../http/doorkeeper.js';
import { FakeApp } from '../testing/fake-app.js';
import { guardFields } from './guard.js';

test('a field that the table of permissions does not know ends the start', () => {
  expect(() => guardFields(buildSchema('type Query { me: Int, secrets: Int }'))).toThrow('the GraphQL field Query.secrets has no permission');
});

test('a route that the table of permissions does not know ends the start', async () => {
  const http = fastify();
  addDoorkeeper(http, new FakeApp(), () => ({ host: '127.0.0.1', port: 9700 }));
  http.get('/-/healthy', async () => 'ok');
  expect(() => http.post('/api/v1/secrets', async () => 'no')).toThrow('the route POST /api/v1/secrets has no permission');
  await http.close();
});
