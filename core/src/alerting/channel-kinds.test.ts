import { defineKind, points, schemaFrom } from '@metrics-dashboard/sdk';
import type { NotifierChannel } from '@metrics-dashboard/sdk';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { Contributions } from '../plugin/contributions.js';
import { channelKinds } from './channel-kinds.js';

const silent: NotifierChannel = { send: () => Promise.resolve() };
const config = z.strictObject({
  url: z.string().describe('Where to.'),
  url_file: z.string().optional(),
  auth: z.strictObject({ password: z.string(), password_file: z.string().optional() }).optional(),
});

it('a kind has a schema to draw a form by, without files of the server; one whose plugin has no such schema has none', () => {
  const contributions = new Contributions();
  contributions.add('one', [points.notifier.of(defineKind({ kind: 'posts', config, open: () => silent }))]);
  contributions.add('two', [points.notifier.of(defineKind({ kind: 'plain', config: schemaFrom((value) => value), open: () => silent }))]);
  contributions.add('three', [points.notifier.of(defineKind({ kind: 'odd', config: z.strictObject({ at: z.date() }), open: () => silent }))]);
  expect(channelKinds(contributions)).toEqual([
    { kind: 'odd', plugin: 'three', configSchema: undefined },
    { kind: 'plain', plugin: 'two', configSchema: undefined },
    {
      kind: 'posts',
      plugin: 'one',
      configSchema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: {
          url: { type: 'string', description: 'Where to.' },
          auth: { type: 'object', properties: { password: { type: 'string', writeOnly: true } }, required: ['password'], additionalProperties: false },
        },
        required: ['url'],
        additionalProperties: false,
      },
    },
  ]);
});
