import 'reflect-metadata';

export { runCli } from './cli/run.js';
export type { Distribution } from './cli/distribution.js';
export { start } from './start.js';
export type { Running, StartOptions } from './start.js';
export { openServer } from './server.js';
export type { Server, ServerOptions } from './server.js';
