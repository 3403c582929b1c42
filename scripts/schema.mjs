// `npm run schema`: writes `api/schema.graphql` from the resolvers, `api/dashboard.schema.json` from the form of dashboards,
// and the window's types from both.
import { writeFileSync } from 'node:fs';
import { root, run } from './run.mjs';

const DASHBOARD_TYPES = 'ui/src/graphql/generated/dashboard.ts';

/** The committed files that are generated. */
export const GENERATED = ['api/schema.graphql', 'api/dashboard.schema.json', DASHBOARD_TYPES, 'ui/src/graphql/generated/graphql.ts', 'ui/src/graphql/generated/gql.ts'];

/** Needs built packages. */
export async function generate() {
  await run('node', ['api/dist/write-schema.js']);
  writeFileSync(`${root}/${DASHBOARD_TYPES}`, await dashboardTypes());
  await run('npm', ['run', '--silent', 'codegen', '--workspace', '@metrics-dashboard/ui']);
}

if (process.argv[1] === import.meta.filename) {
  await run('tsc', ['-b']);
  await generate();
}

/** The form in which the server gives dashboards, as types. */
async function dashboardTypes() {
  const { compile } = await import('json-schema-to-typescript');
  const { dashboardJsonSchema } = await import(`${root}/core/dist/index.js`);
  const bannerComment = '/* eslint-disable */\n// Generated from the form of dashboards by `npm run schema`.';
  return compile(dashboardJsonSchema('given'), 'Dashboard', { bannerComment, format: false, ignoreMinAndMaxItems: true, additionalProperties: false });
}
