import { readFileSync, writeFileSync } from 'node:fs';
import { operations } from '@metrics-dashboard/core';
import { isIntrospectionType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { printedSchema } from './printed-schema.js';
import { createSchema } from './schema.js';

const COMMITTED = new URL('../schema.graphql', import.meta.url);

test('the committed schema is the one that the resolvers give', () => {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(COMMITTED, printedSchema());
  expect(readFileSync(COMMITTED, 'utf8')).toBe(printedSchema());
});

test('every field of a root type has a permission, and the table names no other field', () => {
  const schema = createSchema();
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((type) => Object.keys(type?.getFields() ?? {}).map((name) => `${type?.name}.${name}`));
  expect(operations().filter((operation) => /^(Query|Mutation|Subscription)\./.test(operation)).sort()).toEqual(fields.sort());
});

test('every type, field and argument says what it is', () => {
  const silent: string[] = [];
  for (const type of Object.values(createSchema().getTypeMap())) {
    if (isIntrospectionType(type) || !isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (!field.description) silent.push(`${type.name}.${field.name}`);
      for (const argument of field.args) if (!argument.description) silent.push(`${type.name}.${field.name}(${argument.name})`);
    }
  }
  expect(silent).toEqual([]);
});
