import type { Dashboard } from '../graphql/generated/dashboard.js';

export type { Dashboard };

/** What stands on a dashboard. */
export type Panel = Dashboard['panels'][number];
export type PanelKind = Panel['kind'];
export type PanelOf<Kind extends PanelKind> = Extract<Panel, { readonly kind: Kind }>;

/** A panel that draws what queries answer. */
export type DrawnPanel = Extract<Panel, { readonly queries: unknown }>;
export type PanelQuery = DrawnPanel['queries'][number];
export type Position = Panel['position'];
export type Variable = Dashboard['variables'][number];
export type Reducer = PanelOf<'stat'>['reduce'];

/** Whether a panel has queries. */
export function isDrawn(panel: Panel): panel is DrawnPanel {
  return 'queries' in panel;
}

/** The kinds of panels, as people choose them. */
export const panelKinds: readonly { readonly kind: PanelKind; readonly text: string; readonly about: string }[] = [
  { kind: 'timeseries', text: 'Time series', about: 'Lines, areas or points over time' },
  { kind: 'stat', text: 'Stat', about: 'One number a series, large' },
  { kind: 'gauge', text: 'Gauge', about: 'A number between two ends' },
  { kind: 'bar', text: 'Bars', about: 'Series beside each other, by one number' },
  { kind: 'table', text: 'Table', about: 'Labels and values' },
  { kind: 'heatmap', text: 'Heatmap', about: 'A histogram over time' },
  { kind: 'text', text: 'Text', about: 'Markdown' },
  { kind: 'row', text: 'Row', about: 'A heading that folds what is below' },
];

const query: PanelQuery = { expression: '', legend: '', axis: 'left', hidden: false };

/** A panel as it begins. */
export function newPanel(kind: PanelKind, id: string, position: Position): Panel {
  const shared = { id, title: '', description: '', position };
  const drawn = { ...shared, queries: [{ ...query }], unit: 'short', thresholds: [], mappings: [] };
  switch (kind) {
    case 'timeseries':
      return { kind, ...drawn, style: 'area', stack: 'none', legend: 'table' };
    case 'stat':
      return { kind, ...drawn, reduce: 'last', sparkline: true, colored: 'none' };
    case 'gauge':
      return { kind, ...drawn, reduce: 'last' };
    case 'bar':
      return { kind, ...drawn, reduce: 'last', limit: 20 };
    case 'table':
      return { kind, ...drawn, reduce: 'last', descending: true };
    case 'heatmap':
      return { kind, ...drawn, scale: 'linear' };
    case 'text':
      return { kind, ...shared, content: '' };
    case 'row':
      return { kind, ...shared, collapsed: false };
  }
}

/** The same panel as another kind: what both have stays. */
export function asKind(panel: Panel, kind: PanelKind): Panel {
  const blank = newPanel(kind, panel.id, panel.position);
  const kept = Object.fromEntries(Object.entries(panel).filter(([key]) => key in blank && key !== 'kind'));
  return { ...blank, ...kept };
}

/** An id that no panel has yet. */
export function freeId(panels: readonly Panel[], wanted: string): string {
  const taken = new Set(panels.map(({ id }) => id));
  for (let i = 1; ; i++) {
    const id = i === 1 ? wanted : `${wanted}-${i}`;
    if (!taken.has(id)) return id;
  }
}

/** The first row below all panels. */
export function bottomOf(panels: readonly Panel[]): number {
  return panels.reduce((bottom, { position }) => Math.max(bottom, position.y + position.height), 0);
}

/** A dashboard that has nothing on it yet. */
export function newDashboard(id: string, title: string, folder: string): Dashboard {
  return {
    version: 1, id, title, description: '', folder, tags: [],
    time: { from: 'now-1h', to: 'now', zone: 'browser', refresh: 'auto' },
    variables: [], panels: [],
  };
}

/** An id made of a title, for the address. */
export function idOf(title: string): string {
  const id = title.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return id === '' ? 'dashboard' : id;
}

/** Those that are shown: what stands below a folded row, down to the next one, is not. */
export function unfolded(panels: readonly Panel[]): readonly Panel[] {
  const rows = panels.filter((panel): panel is PanelOf<'row'> => panel.kind === 'row').sort((a, b) => a.position.y - b.position.y);
  return panels.filter((panel) => panel.kind === 'row' || rows.findLast(({ position }) => position.y <= panel.position.y)?.collapsed !== true);
}

/** Rows of the grid that folded panels leave free are closed: each panel moves up by what is folded above it. */
export function closedUp(panels: readonly Panel[]): readonly Panel[] {
  const shown = unfolded(panels);
  const rows = panels.filter((panel) => panel.kind === 'row').sort((a, b) => a.position.y - b.position.y);
  const gaps = rows.flatMap((row, i) => {
    if (row.kind !== 'row' || !row.collapsed) return [];
    const next = rows[i + 1]?.position.y ?? Infinity;
    const below = panels.filter(({ position }) => position.y > row.position.y && position.y < next);
    const end = below.reduce((bottom, { position }) => Math.max(bottom, position.y + position.height), row.position.y + row.position.height);
    return [{ after: row.position.y, height: end - row.position.y - row.position.height }];
  });
  return shown.map((panel) => {
    const up = gaps.reduce((sum, gap) => sum + (gap.after < panel.position.y ? gap.height : 0), 0);
    return up === 0 ? panel : { ...panel, position: { ...panel.position, y: panel.position.y - up } };
  });
}

/** Makes a dashboard of another. */
export type DashboardChange = (document: Dashboard) => Dashboard;

/** Makes panels of others. */
export type PanelsChange = (panels: readonly Panel[]) => Panel[];

/** The same without one key. */
export function without<Value extends object, Key extends keyof Value>(value: Value, key: Key): Omit<Value, Key> {
  const { [key]: _left, ...rest } = value;
  return rest;
}
