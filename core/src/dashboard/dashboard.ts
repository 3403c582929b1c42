/** A dashboard document: panels on a grid 24 columns wide. */
export interface Dashboard {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
}

export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly kind: 'timeseries' | 'stat';
  /** How values are written: `short`, `bytes`, `seconds`, `percent`, `ops`, … */
  readonly unit: string;
  readonly queries: readonly PanelQuery[];
  readonly position: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface PanelQuery {
  readonly expression: string;
  /** `{{label}}` takes a label's value; empty: the label set itself. */
  readonly legend: string;
}
