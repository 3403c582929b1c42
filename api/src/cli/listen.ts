import type { ListenAddress } from '@metrics-dashboard/core';
import { ConfigError } from '@metrics-dashboard/sdk';

/** `127.0.0.1:9700`, `[::1]:9700`, `:9700` for every address of the machine. Throws `ConfigError` for anything else. */
export function parseListen(text: string): ListenAddress {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw new ConfigError(`--listen: ${JSON.stringify(text)} is not an address, expected HOST:PORT like 127.0.0.1:9700`);
  }
  return { host: bracketed ?? (plain === '' || plain === undefined ? '0.0.0.0' : plain), port: Number(port) };
}
