import type { Timestamp } from '@metrics-dashboard/sdk';

/** What the dashboards keep. */
export interface DashboardTables {
  readonly dashboards: DashboardRow;
  readonly dashboard_revisions: DashboardRevisionRow;
}

/** A dashboard as it is now. */
export interface DashboardRow {
  readonly id: string;
  /** Counts from 1 with each save, over deletions as well. */
  readonly revision: number;
  readonly title: string;
  readonly description: string;
  readonly folder: string;
  /** JSON of a list. */
  readonly tags: string;
  /** What a search looks through, in small letters. */
  readonly searched: string;
  /** JSON of the whole. */
  readonly document: string;
  readonly updated_at: Timestamp;
  readonly updated_by: string;
  /** The file it came from; empty: none. */
  readonly file: string;
  /** JSON of the document that the file last gave; empty without a file. */
  readonly provisioned: string;
}

/** What a dashboard was at one time. */
export interface DashboardRevisionRow {
  readonly dashboard_id: string;
  readonly revision: number;
  /** JSON; empty: it was deleted. */
  readonly document: string;
  readonly at: Timestamp;
  readonly by: string;
  readonly message: string;
}
