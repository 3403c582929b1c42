// `npm run schema`: writes `api/schema.graphql` from the resolvers, and the window's types from it.
import { run } from './run.mjs';

/** The committed files that are generated. */
export const GENERATED = ['api/schema.graphql', 'ui/src/graphql/generated/graphql.ts', 'ui/src/graphql/generated/gql.ts'];

/** Needs built packages. */
export async function generate() {
  await run('node', ['api/dist/write-schema.js']);
  await run('npm', ['run', '--silent', 'codegen', '--workspace', '@metrics-dashboard/ui']);
}

if (process.argv[1] === import.meta.filename) {
  await run('tsc', ['-b']);
  await generate();
}
