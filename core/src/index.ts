export type { App } from './app.js';
