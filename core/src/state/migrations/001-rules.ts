import type { Migration } from '../migration.js';

/** Alert instances, the history of their changes, and the rules that were made by the API. */
export const rulesMigration: Migration = {
  name: '001-rules',
  up: async (db) => {
    await db.schema
      .createTable('alert_instances')
      .addColumn('group_id', 'text', (column) => column.notNull())
      .addColumn('rule_id', 'text', (column) => column.notNull())
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('alert_instances_key', ['group_id', 'rule_id', 'fingerprint'])
      .execute();
    await db.schema
      .createTable('alert_events')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'double precision', (column) => column.notNull())
      .addColumn('group_id', 'text', (column) => column.notNull())
      .addColumn('rule_id', 'text', (column) => column.notNull())
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('alertname', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('event', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('alert_events_by_time').on('alert_events').columns(['at', 'id']).execute();
    await db.schema
      .createTable('rule_groups')
      .addColumn('group_id', 'text', (column) => column.primaryKey())
      .addColumn('evaluated_at', 'double precision', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('threshold_rules')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('enabled', 'integer', (column) => column.notNull())
      .addColumn('rule', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'double precision', (column) => column.notNull())
      .addColumn('updated_by', 'text', (column) => column.notNull())
      .execute();
  },
};
