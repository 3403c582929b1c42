import { z } from 'zod';
import { dashboardSchema } from './document.js';

/** Where the server answers with the schema; documents may name it as their `$schema`. */
export const DASHBOARD_SCHEMA_PATH = '/schemas/dashboard.json';

/**
 * The form of dashboard documents as JSON schema, draft 2020-12: as people write them, with defaults left out, or as the
 * server gives them, with everything filled in.
 */
export function dashboardJsonSchema(as: 'written' | 'given'): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(dashboardSchema, { io: as === 'written' ? 'input' : 'output' });
  return { $schema, title: 'Dashboard', description: 'A dashboard document of Metrics Dashboard.', ...rest };
}
