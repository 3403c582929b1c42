import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ParseError } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { textParser } from './parser.js';

interface Case {
  readonly id: string;
  readonly contentType: string;
  readonly input?: string;
  readonly inputBase64?: string;
  readonly prometheusShouldParse?: boolean;
  readonly strictShouldParse?: boolean;
  readonly prometheus242Accepts: boolean;
  readonly needs?: string;
  readonly series?: readonly { labels: Record<string, string>; value: string; timestampMs?: number }[];
}

// A collection of inputs with the reference's verdicts; the checks run where it is at hand.
const folder = process.env['METRICS_DASHBOARD_CONFORMANCE'] ?? join(import.meta.dirname, '../../../../shared/conformance');
const file = join(folder, 'parse/parse-cases.json');

describe.skipIf(!existsSync(file))('the collected exposition cases', () => {
  const cases = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Case[]) : [];
  for (const one of cases) {
    it(`${one.id}: ${JSON.stringify(one.input ?? one.inputBase64).slice(0, 80)}`, () => {
      const body = one.input === undefined ? Buffer.from(one.inputBase64 ?? '', 'base64') : Buffer.from(one.input);
      if (!shouldParse(one)) {
        expect(() => parse(body, one.contentType)).toThrow(ParseError);
        return;
      }
      const samples = parse(body, one.contentType);
      if (one.series === undefined) return;
      expect(samples.map(({ labels }) => labels)).toEqual(one.series.map(({ labels }) => labels));
      expect(samples.map(({ value }) => value)).toEqual(one.series.map(({ value }) => Number(value.replace('Inf', 'Infinity'))));
      for (const [i, { timestampMs }] of one.series.entries()) {
        if (timestampMs !== undefined) expect(samples[i]?.at).toBe(timestampMs);
      }
    });
  }
});

function shouldParse(one: Case): boolean {
  if (one.needs === '3.x') return one.prometheusShouldParse === true;
  return one.prometheus242Accepts;
}

function parse(body: Uint8Array, contentType: string): { labels: Record<string, string>; value: number; at: number }[] {
  const samples: { labels: Record<string, string>; value: number; at: number }[] = [];
  textParser.parse(
    { body, contentType },
    {
      sample: (key, start, end, value, at) => {
        samples.push({ labels: textParser.labels(key, start, end).toObject(), value, at });
      },
      exemplar: (_value, _at, labels) => void labels(),
      metadata: () => {},
      delta: () => {},
    },
  );
  return samples;
}
