import type { Migration } from '../migration.js';

/** What alerting goes on with after a restart, and the history of notifications. */
export const alertingMigration: Migration = {
  name: '020-alerting',
  up: async (db) => {
    await db.schema
      .createTable('alerting_documents')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('document', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('alerting_documents_key', ['kind', 'key'])
      .execute();
    await db.schema
      .createTable('notifications')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'double precision', (column) => column.notNull())
      .addColumn('receiver', 'text', (column) => column.notNull())
      .addColumn('fingerprints', 'text', (column) => column.notNull())
      .addColumn('record', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('notifications_by_time').on('notifications').columns(['at', 'id']).execute();
  },
};
