import { freeId } from './document.js';
import type { Panel } from './document.js';

const key = 'metrics-dashboard.panel';

/** Keeps a panel for another dashboard; it lives as long as the browser keeps things. */
export function copyPanel(panel: Panel): void {
  localStorage.setItem(key, JSON.stringify(panel));
}

/** The panel that was copied, with an id that is free. The server checks it when the dashboard is saved. */
export function copiedPanel(panels: readonly Panel[], y: number): Panel | undefined {
  const text = localStorage.getItem(key);
  if (text === null) return undefined;
  const panel = JSON.parse(text) as Panel;
  return { ...panel, id: freeId(panels, panel.id), position: { ...panel.position, x: 0, y } };
}
