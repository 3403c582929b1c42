// The door for columns of panel data as GraphQL carries them: for the server, the window, and any other client. Runs in browsers too.

export { packColumn } from './pack-column.js';
export type { ColumnCells } from './pack-column.js';
export { unpackColumn } from './unpack-column.js';
export type { Column } from './unpack-column.js';
