import { printSchema } from 'graphql';
import { createSchema } from './schema.js';

const HEADER = '# Generated from the resolvers by `npm run schema`. A change here is a change of the contract.\n\n';

/** The text of `api/schema.graphql`. */
export function printedSchema(): string {
  return `${HEADER}${printSchema(createSchema())}\n`;
}
