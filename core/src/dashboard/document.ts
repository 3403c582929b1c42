//  {
//    "version": 1,                        of the form; older ones are brought up to date when they are read
//    "id", "title", "folder", "tags",     who it is and where people find it
//    "time": { "from", "to", "zone", "refresh" },
//    "variables": [ … ],                  variable.ts
//    "panels": [ … ]                      panel.ts
//  }
import { z } from 'zod';
import { panelSchema } from './panel.js';
import { variableSchema } from './variable.js';

/** The version of the form that this program writes. */
export const DOCUMENT_VERSION = 1;

/** `now`, `now-6h`, or a time in RFC 3339. */
const moment = z.string().regex(/^(?:now(?:-(?:\d+(?:ms|[ywdhms]))+)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))$/, 'expected now, now-6h or a time like 2026-01-31T12:00:00Z');

const time = z.strictObject({
  from: moment.default('now-1h'),
  to: moment.default('now'),
  /** `utc`, `browser`, or a zone like `Europe/Berlin`. */
  zone: z.string().max(60).default('browser'),
  refresh: z.enum(['off', 'auto', '5s', '15s', '30s', '1m', '5m']).default('auto'),
});

/** A dashboard document: what is saved, exported, provisioned and drawn. */
export const dashboardSchema = z.strictObject({
  /** Where the JSON schema of the form is; editors read it. */
  $schema: z.string().max(1000).optional(),
  version: z.literal(DOCUMENT_VERSION),
  /** Of the dashboard, in its address. */
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected small letters, digits, - and _'),
  title: z.string().trim().min(1).max(200),
  description: z.string().max(10_000).default(''),
  /** Folders, outermost first, with / between: `team/databases`; empty: none. */
  folder: z.string().max(500).regex(/^(?:[^/]+(?:\/[^/]+)*)?$/, 'expected names with / between').default(''),
  tags: z.array(z.string().trim().min(1).max(60)).max(50).default([]),
  time: time.prefault({}),
  variables: z.array(variableSchema).max(100).default([]),
  panels: z.array(panelSchema).max(500).default([]),
});

export type Dashboard = z.output<typeof dashboardSchema>;
export type DashboardInput = z.input<typeof dashboardSchema>;
