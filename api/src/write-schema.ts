// Writes `api/schema.graphql` from the resolvers: `npm run schema`, after each change of a resolver or a type.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printedSchema } from './printed-schema.js';

writeFileSync(fileURLToPath(new URL('../schema.graphql', import.meta.url)), printedSchema());
