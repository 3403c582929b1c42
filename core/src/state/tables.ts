import type { AlertingTables } from './alerting-tables.js';
import type { DashboardTables } from './dashboard-tables.js';
import type { RuleTables } from './rule-tables.js';

/**
 * The tables of the state database by name. Each room types its own beside this file and is named here.
 *
 * Columns are of few kinds, so that both databases give the same values back: texts; times and durations as
 * `double precision` in milliseconds; truths as 0 and 1 in `integer`; everything else as JSON in a text, numbers that
 * may be NaN or infinite among it, since SQLite keeps no NaN.
 */
export type StateTables = RuleTables & AlertingTables & DashboardTables;
