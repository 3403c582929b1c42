// The floor plan as rules: docs/architecture.md, «Who may import whom». A broken one names the file, the import and the rule.

const CODE = 'not-to-';

/** Packages of the house, by their folder. */
const HOUSE = '^(sdk|core|api|ui|plugins|examples|test)/';

/** Whatever matches `from` may import, of the house, only what matches one of `allowed`. */
const only = (name, comment, from, allowed) => ({
  name: `${name}-imports-only`,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: HOUSE, pathNot: allowed },
});

/** The rooms of core from the ground up; rooms on one floor stand together, and don't know each other. */
const FLOORS = [['runtime'], ['plugin', 'state', 'template'], ['ingest', 'query'], ['engine'], ['scrape', 'push', 'live', 'rules', 'alerting', 'dashboard', 'auth'], ['config']];

const roomRules = FLOORS.flatMap((floor, level) => {
  const above = [...FLOORS.slice(level + 1).flat().map((room) => `${room}/`), 'container', 'create-app', 'app', 'index', 'tokens'];
  return floor.map((room) => ({
    name: `core-${room}-${CODE}upstairs`,
    comment: `core/src/${room} stands below these, and beside its neighbours; a type that both need lives with the lower one`,
    severity: 'error',
    from: { path: `^core/src/${room}/` },
    to: { path: `^core/src/(${[...above, ...floor.filter((other) => other !== room).map((other) => `${other}/`)].join('|')})` },
  }));
});

/** A test may also use the test kit and a plugin's own file; what it proves is the room it stands beside. */
const SOURCES = '(?<!\\.(test|bench))\\.(ts|vue)$';

export default {
  forbidden: [
    { name: 'no-circles', comment: 'a circle of imports has no ground floor', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-unresolvable', comment: 'an import that leads nowhere, or past a package\'s doors', severity: 'error', from: { path: SOURCES }, to: { couldNotResolve: true } },
    only('sdk', 'the ground floor imports nothing of the house', `^sdk/src/.*${SOURCES}`, '^sdk/'),
    only('core', 'core knows contracts, never a plugin', `^core/src/.*${SOURCES}`, '^(core/|sdk/src/(index|metrics/index)\\.ts$)'),
    only('plugins', 'a plugin imports the sdk, the HTTP client that plugins share, and its own libraries', `^plugins/(?!default/)([^/]+)/src/.*${SOURCES}`, '^(plugins/$1/|plugins/http-client/src/index\\.ts$|sdk/src/(index|metrics/index)\\.ts$)'),
    only('default', 'the distribution lists plugins and starts the api', `^plugins/default/src/.*${SOURCES}`, '^(plugins/default/|api/src/index\\.ts$|sdk/src/index\\.ts$)'),
    only('api', 'the counter imports core and sdk by their doors', `^api/src/.*${SOURCES}`, '^(api/|core/src/index\\.ts$|sdk/src/(index|metrics/index|columns/index)\\.ts$)'),
    only('examples', 'an example imports the sdk alone', `^examples/([^/]+)/src/.*${SOURCES}`, '^(examples/$1/|sdk/src/(index|metrics/index)\\.ts$)'),
    only('ui', 'the window knows the schema, how its columns are read, and nothing behind it', '^ui/src/', '^(ui/src/|sdk/src/columns/index\\.ts$)'),
    only('test', 'system tests use public doors', '^test/', '^(test/|(sdk|core|api)/src/index\\.ts$|sdk/src/(testing|metrics|columns)/index\\.ts$|plugins/[^/]+/src/index\\.ts$|examples/[^/]+/src/index\\.ts$)'),
    ...roomRules,
    { name: 'engine-port-only', comment: 'rooms above the engine know its port and the plain data that crosses it', severity: 'error', from: { path: `^core/src/(scrape|push|live|rules|alerting|dashboard|auth)/.*${SOURCES}` }, to: { path: '^core/src/engine/(?!engine\\.ts$)' } },
    { name: 'rules-and-alerting-apart', comment: 'query does not know that rules exist, alerting does not know that queries exist', severity: 'error', from: { path: '^core/src/alerting/' }, to: { path: '^core/src/query/' } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|/generated/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.vue', '.json', '.d.ts'],
    },
  },
};
