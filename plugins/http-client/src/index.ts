// The HTTP options of a configuration, for plugins that fetch: no plugin itself, and it contributes nothing.

export { formatBytes } from './body.js';
export { httpConfig, withHttpOptions } from './config.js';
export type { HttpConfig } from './config.js';
export { HttpClient } from './http-client.js';
export type { HttpRequest } from './http-client.js';
