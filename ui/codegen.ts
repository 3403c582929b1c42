import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types of the GraphQL documents in `src/graphql`, from the committed schema. `npm run codegen -w @metrics-dashboard/ui` writes them. */
const config: CodegenConfig = {
  schema: '../api/schema.graphql',
  documents: ['src/graphql/*.graphql'],
  generates: {
    'src/graphql/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        // Only what the documents use; the words of the schema's own documentation may change without changing a type.
        onlyOperationTypes: true,
        disableDescriptions: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: {
          Timestamp: 'number',
          Duration: { input: 'number | string', output: 'number' },
          LabelSet: 'Readonly<Record<string, string>>',
          Float64: { input: 'number | string', output: 'number | string' },
          TextMap: 'Readonly<Record<string, string>>',
          FloatColumn: 'ReadonlyArray<number | string | null>',
          PackedColumn: 'string',
          TimestampColumn: 'ReadonlyArray<number>',
          DashboardDocument: { input: 'unknown', output: './dashboard.js#Dashboard' },
          VariableDefinition: 'unknown',
          JsonSchema: 'unknown',
          ChannelConfig: 'unknown',
        },
      },
    },
  },
  emitLegacyCommonJSImports: false,
};

export default config;
