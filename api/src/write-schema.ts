// Writes `api/schema.graphql` from the resolvers and `api/dashboard.schema.json` from the form of dashboards: `npm run schema`,
// after each change of one of them.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dashboardJsonSchema } from '@metrics-dashboard/core';
import { printedSchema } from './printed-schema.js';

const write = (name: string, text: string): void => writeFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), text);

write('schema.graphql', printedSchema());
write('dashboard.schema.json', `${JSON.stringify(dashboardJsonSchema('written'), undefined, 2)}\n`);
