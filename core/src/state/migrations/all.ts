import type { Migration } from '../migration.js';
import { rulesMigration } from './001-rules.js';
import { alertingMigration } from './020-alerting.js';
import { dashboardsMigration } from './040-dashboards.js';

/** Every step there is. Rules have the numbers up to 019, alerting those from 020, dashboards those from 040. */
export const MIGRATIONS: readonly Migration[] = [rulesMigration, alertingMigration, dashboardsMigration];
