import { labelSetText } from '../charts/panel-data.js';
import type { PanelData } from '../charts/panel-data.js';

/** A panel's data as a table: a row for each time, a column for each series; every digit is kept. */
export function csvOf({ times, series }: PanelData): string {
  const head = ['time', ...series.map(({ name, labels }) => name || labelSetText(labels))];
  const rows = times.map((at, i) => [new Date(at).toISOString(), ...series.map(({ values }) => (values[i] === undefined ? '' : String(values[i])))]);
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n');
}

/** Hands a text to the viewer as a file. */
export function download(name: string, text: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name.replace(/[^\w.-]+/g, '-');
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Quoted where it must be, by RFC 4180; what a spreadsheet takes for a formula is not one. */
function cell(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
