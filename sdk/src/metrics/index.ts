export type { Registry } from './registry.js';
