import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './peer.js';
import { ROOT, runCommand, startProduct } from './product.js';
import type { Product } from './product.js';

const CONFORMANCE = join(ROOT, '../shared/conformance/rules');
/** One file evaluates a rule over weeks, which takes some seconds. */
const LONG = process.env['METRICS_DASHBOARD_LONG_RULES'] === '1';

describe.skipIf(!existsSync(CONFORMANCE))('test-rules', () => {
  it('finds what is expected in all cases of rules and alert states', { timeout: 60_000 }, async () => {
    const cases = join(CONFORMANCE, 'cases');
    const tests = readdirSync(cases).filter((file) => file.startsWith('test-')).map((file) => join(cases, file));
    const { code, output } = await runCommand(['test-rules', ...tests]);
    expect(output.split('\n').filter((line) => line !== '' && !line.includes(': ok, '))).toEqual([]);
    expect(code).toBe(0);
    expect(tests.length).toBeGreaterThan(20);
  });

  it("answers the reference's own files as the reference does", { timeout: 60_000 }, async () => {
    const files = (...names: readonly string[]): string[] => names.map((name) => join(CONFORMANCE, `promtool/${name}.yml`));
    const good = await runCommand(['test-rules', ...files('at-modifier-test', ...(LONG ? ['long-period'] : []))]);
    expect(good).toMatchObject({ code: 0, output: expect.stringContaining('at-modifier-test.yml: ok, 1 tests') as string });
    const bad = await runCommand(['test-rules', ...files('failing', 'bad-input-series', 'bad-rules-error-test', 'bad-rules-syntax-test', 'unittest')]);
    expect(bad.code).toBe(1);
    for (const text of [
      'alertname: AlwaysFiring, time: 300s',
      'bad-input-series.yml:3:9: tests[0].input_series[0]: met "0+0x1440"',
      'rule "joined" of the group "bad-example"',
      'bad-rules-syntax.yml:7:22: groups[0].rules[0].expr: rule "x": unexpected end of input',
      'tests[0].input_series[3]: has native histograms, which are not supported',
    ]) {
      expect(bad.output).toContain(text);
    }
  });
});

describe('a configuration with bad rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-files-'));
  const file = join(folder, 'rules.yml');
  const good = 'groups:\n  - name: g\n    interval: 1s\n    rules:\n      - alert: Good\n        expr: vector(1)\n';
  let product: Product;

  beforeAll(async () => {
    writeFileSync(file, good);
    product = await startProduct({ config: `self_scrape: false\nrule_files: ["${file}"]\n` });
  }, 60_000);

  afterAll(async () => {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['an expression', 'expr: vector(1)', 'expr: sum(up', ':6:21: groups[0].rules[0].expr: rule "Good": unexpected end of input'],
    ['a regular expression that can take forever', 'expr: vector(1)', `expr: up{job=~"(?=a)b"}`, ':6:'],
    ['a template', 'expr: vector(1)', 'expr: vector(1)\n        annotations: { summary: "{{ $label.x }}" }', ':7:33: groups[0].rules[0].annotations.summary: '],
    ['a template in a label', 'expr: vector(1)', 'expr: vector(1)\n        labels: { team: "{{ nope }}" }', 'function "nope" not defined'],
    ['a receiver', 'expr: vector(1)', 'expr: vector(1)\n        receivers: [nobody]', ':7:21: groups[0].rules[0].receivers[0]: there is no receiver "nobody"'],
    ['a key', 'alert: Good', 'alert: Good\n        fro: 5m', 'unknown key "fro"'],
    ['a duration', 'interval: 1s', 'interval: soon', ':3:15: groups[0].interval: '],
    ['a name', 'alert: Good', 'alert: Good\n        record: good', 'both names'],
    ['a text that is no YAML', 'groups:', 'groups: {', 'rules.yml:'],
  ])('is refused with the place where it is %s, and what runs goes on', { timeout: 30_000 }, async (_, from, to, message) => {
    writeFileSync(file, good.replace(from, to));
    const answer = await fetch(`${product.url}/-/reload`, { method: 'POST' });
    const text = await answer.text();
    expect(text).toContain(message);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const rules = await (await product.get('/api/v1/rules')).text();
    expect(rules).toContain('"query":"vector(1)"');
  });

  it('is told by check-rules as well', { timeout: 30_000 }, async () => {
    writeFileSync(file, good.replace('vector(1)', 'sum(up'));
    const { code, output } = await runCommand(['check-rules', file]);
    expect(output).toContain('rules.yml:6:21: groups[0].rules[0].expr: rule "Good": unexpected end of input');
    expect(code).toBe(1);
  });

  it('is told, with --url, to ask for series that are not there', { timeout: 30_000 }, async () => {
    const rules = join(folder, 'asked.yml');
    writeFileSync(rules, 'groups: [{ name: g, rules: [{ record: "a:b", expr: sum(nowhere_total) }, { alert: A, expr: "a:b > 1" }, { alert: B, expr: absent(other) }, { alert: C, expr: ALERTS }] }]');
    await eventually(async () => (await product.query('ALERTS')).data.result.length > 0, 'the alert that fires is a series');
    const { code, output } = await runCommand(['check-rules', '--url', product.url, rules]);
    expect(output.split('\n').filter((line) => line.includes('matches no series'))).toEqual([expect.stringContaining('asked.yml:1:29: warning: rule "a:b": nowhere_total matches no series of the server')]);
    expect(code).toBe(0);
    expect((await runCommand(['check-rules', '--url', 'http://127.0.0.1:1', rules])).output).toContain('no server answers at http://127.0.0.1:1');
  });

  it('is put in force once they are mended', async () => {
    writeFileSync(file, good.replace('vector(1)', 'vector(2)'));
    expect((await fetch(`${product.url}/-/reload`, { method: 'POST' })).status).toBe(200);
    expect(await (await product.get('/api/v1/rules')).text()).toContain('"query":"vector(2)"');
  });
});
