import { Labels, isLegacyLabelName } from '@metrics-dashboard/sdk';
import { requestError } from './push-door.js';

const BASE64 = '@base64';
const PREFIX = '/metrics/job';

/**
 * The group that a path names: `/metrics/job/<job>{/<label>/<value>}`. Behind a name that ends in `@base64` the value is in
 * base64url, padded or not; so a value may have a slash, and one of `=` is empty, as one that is left out is.
 * Throws an error of status 400. Source: https://github.com/prometheus/pushgateway#url.
 */
export function groupingOf(url: string): Labels {
  const [path = ''] = url.split('?', 1);
  const [suffix = '', job = '', ...rest] = path.slice(PREFIX.length).split('/');
  if (rest.length % 2 !== 0) throw requestError(400, `the path has a label without a value: ${JSON.stringify(rest.at(-1) ?? '')}`);
  const pairs = new Map([['job', valueOf(suffix === BASE64, job)]]);
  if (pairs.get('job') === '') throw requestError(400, 'the path has no job');
  for (let i = 0; i < rest.length; i += 2) {
    const [name, isEncoded] = nameOf(rest[i] ?? '');
    if (pairs.has(name)) throw requestError(400, `label ${JSON.stringify(name)} stands twice in the path`);
    pairs.set(name, valueOf(isEncoded, rest[i + 1] ?? ''));
  }
  return Labels.from(pairs);
}

function nameOf(part: string): [name: string, isEncoded: boolean] {
  const text = decoded(part);
  const isEncoded = text.endsWith(BASE64);
  const name = isEncoded ? text.slice(0, -BASE64.length) : text;
  if (!isLegacyLabelName(name) || name.startsWith('__')) throw requestError(400, `${JSON.stringify(name)} in the path can not be the name of a label`);
  return [name, isEncoded];
}

function valueOf(isEncoded: boolean, part: string): string {
  if (!isEncoded) return decoded(part);
  const text = decoded(part).replace(/=+$/, '');
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw requestError(400, `${JSON.stringify(part)} in the path is not base64url`);
  return utf8(Buffer.from(text, 'base64url'));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw requestError(400, `${JSON.stringify(part)} in the path is not UTF-8, percent-encoded`);
  }
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw requestError(400, 'a value in the path is not UTF-8');
  }
}
