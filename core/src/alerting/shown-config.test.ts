import { QueryError } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { restoredConfig, shownConfig } from './shown-config.js';

const config = {
  api_url: 'https://ada:pw@hooks.example/T0/s3cret?x=1',
  text: '***bold***',
  http_config: {
    basic_auth: { username: 'ada', password: 'pw' },
    tls_config: { key: 'private', cert: 'public', insecure_skip_verify: false },
    http_headers: { 'X-Key': { values: ['seen'], secrets: ['hidden'] } },
    proxy_connect_header: { 'Proxy-Authorization': ['Basic x'] },
  },
};

const shown = {
  api_url: 'https://hooks.example/***',
  text: '***bold***',
  http_config: {
    basic_auth: { username: 'ada', password: '***' },
    tls_config: { key: '***', cert: 'public', insecure_skip_verify: false },
    http_headers: { 'X-Key': { values: ['seen'], secrets: ['***'] } },
    proxy_connect_header: { 'Proxy-Authorization': ['***'] },
  },
};

describe('a configuration of a channel', () => {
  it('is shown without what is secret, which is back when it comes back as it was shown', () => {
    expect(shownConfig(config)).toEqual(shown);
    expect(restoredConfig(shown, config)).toEqual(config);
    expect(restoredConfig({ ...shown, text: 'new' }, config)).toEqual({ ...config, text: 'new' });
  });

  it('keeps no secret for another address than the one that it was given for', () => {
    const elsewhere = { ...shown, api_url: 'https://evil.example/' };
    expect(() => restoredConfig(elsewhere, config)).toThrow(QueryError);
    expect(() => restoredConfig(elsewhere, config)).toThrow('http_config.basic_auth.password, http_config.tls_config.key, http_config.http_headers.X-Key.secrets.0, http_config.proxy_connect_header.Proxy-Authorization.0: is to be told again, since api_url is another now');
    expect(() => restoredConfig({ ...shown, http_config: { ...shown.http_config, proxy_url: 'http://evil.example' } }, config)).toThrow('since http_config.proxy_url is another now');
    expect(restoredConfig({ api_url: 'https://other.example/' }, config)).toEqual({ api_url: 'https://other.example/' });
    expect(() => restoredConfig({ smarthost: 'evil.example:25', auth_password: '***' }, { smarthost: 'mail.example:25', auth_password: 'x' })).toThrow('since smarthost is another now');
  });
});
