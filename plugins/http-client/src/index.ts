// The HTTP options of a configuration, for plugins that fetch: no plugin itself, and it contributes nothing.

export { formatBytes } from './body.js';
export { httpConfig, tlsConfig, withHttpOptions } from './config.js';
export type { HttpConfig } from './config.js';
export { tlsOptions } from './connector.js';
export { HttpClient } from './http-client.js';
export type { HttpRequest } from './http-client.js';
export { HttpSender } from './sender.js';
export type { PostAnswer } from './sender.js';
