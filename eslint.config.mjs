import js from '@eslint/js';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

const CLOCK = 'take a Clock; only core/src/runtime/system-clock.ts reads the system\'s time';

/** Time comes from a `Clock` everywhere but in the system clock itself. */
const noSystemTime = {
  'no-restricted-globals': ['error', ...['setTimeout', 'setInterval'].map((name) => ({ name, message: CLOCK }))],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: CLOCK },
    { object: 'performance', property: 'now', message: CLOCK },
  ],
  'no-restricted-imports': ['error', { paths: ['node:timers', 'node:timers/promises'].map((name) => ({ name, message: CLOCK })) }],
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/generated/', '**/node_modules/', 'ui/public/', 'test/artifacts/', 'vitest.config.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: ['./tsconfig.tests.json', './ui/tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'no-self-compare': 'off',
      'max-depth': ['error', 4],
      'max-params': ['error', 7],
    },
  },
  { files: ['{sdk,core,api}/src/**/*.ts', 'plugins/*/src/**/*.ts', 'examples/*/src/**/*.ts'], rules: noSystemTime },
  {
    files: ['**/system-clock.ts', '**/*.test.ts', '**/*.bench.ts', '**/testing/**'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  // The registry of extension points is the one place that holds kinds of every configuration type.
  { files: ['sdk/src/contract/plugin.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
  {
    files: ['{sdk,core,api}/src/**/*.ts', 'plugins/*/src/**/*.ts', 'examples/*/src/**/*.ts'],
    ignores: ['**/src/index.ts', '**/*.test.ts'],
    rules: { 'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } }] },
  },
  ...vue.configs['flat/recommended'].map((config) => ({ ...config, files: ['ui/**/*.vue'] })),
  {
    files: ['ui/**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // The type checker knows which names exist, the browser's among them.
      'no-undef': 'off',
      'vue/no-v-html': 'error',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/attributes-order': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly', fetch: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', setImmediate: 'readonly' } },
  },
);
