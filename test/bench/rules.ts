// `npm run bench -- rules`: what 1,000 rules over 100,000 series at 15 seconds take, and whether they are evaluated in time.
//
// The series are those of load.ts, sent every 15 seconds. CPU is that of all threads of the process, less what the same
// samples take without rules. BENCH_SERIES, BENCH_RULES and BENCH_TICKS make it smaller or longer.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProduct, temporaryFolder } from '../product.js';
import type { Product } from '../product.js';
import { INTERVAL, Sender } from './load.js';
import { cpuSeconds } from './process-cost.js';

const SERIES = Number(process.env['BENCH_SERIES'] ?? 100_000);
const RULES = Number(process.env['BENCH_RULES'] ?? 1000);
const TICKS = Number(process.env['BENCH_TICKS'] ?? 4);
const PER_GROUP = 20;
/** Steps that are there before the first rule is evaluated, and those without rules. */
const BEFORE = 10;
const IDLE = 2;

interface Shown {
  readonly rules: readonly { readonly missedTicks: number; readonly evaluationDuration: number; readonly rules: readonly { readonly kind: string; readonly expression: string; readonly health: string; readonly lastError: string | null; readonly evaluationDuration: number; readonly series: number }[] }[];
}

const folder = temporaryFolder();
const file = join(folder.path, 'rules.yml');
writeFileSync(file, 'groups: []');
const product = await startProduct({ config: `self_scrape: false\nlimits: { series_per_metric: 1000000 }\nrule_files: ["${file}"]\n` });
try {
  const start = Math.floor(Date.now() / INTERVAL) * INTERVAL - BEFORE * INTERVAL;
  const sender = new Sender({ series: SERIES, start, steps: 40 }, product.url);
  await sender.send(0, BEFORE);
  const live = async (from: number, steps: number): Promise<number> => {
    const before = cpuSeconds(product.pid);
    for (let step = from; step < from + steps; step++) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, start + step * INTERVAL - Date.now())));
      await sender.send(step, step + 1);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, start + (from + steps) * INTERVAL - Date.now())));
    return (cpuSeconds(product.pid) - before) / steps;
  };
  // Sending what is there before may have taken longer than the time that it stands for.
  const first = Math.ceil((Date.now() - start) / INTERVAL);
  await sender.send(BEFORE, first);
  const idle = await live(first, IDLE);
  const evaluations = async (): Promise<number> => [...(await (await product.get('/metrics')).text()).matchAll(/^metrics_dashboard_rule_evaluations_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  writeFileSync(file, rulesText());
  await reload(product);
  const busy = await live(first + IDLE, TICKS);
  await report(product, { idle, busy, evaluations: (await evaluations()) / TICKS });
} finally {
  await product.stop();
  folder.remove();
}

/** A third each: what is recorded, alerts as Prometheus has them, and threshold rules with hysteresis. Each reads one part of one region of one metric. */
function rulesText(): string {
  const rules = Array.from({ length: RULES }, (_, i) => {
    const where = `{part="${i % 10}", region="region-${Math.floor(i / 10) % 7}"}`;
    if (i % 3 === 0) return `{ record: "region:requests:rate", expr: 'sum by (part, region) (rate(load_requests_total${where}[2m]))', labels: { rule: "${i}" } }`;
    if (i % 3 === 1) return `{ alert: Busy${i}, expr: 'rate(load_received_bytes_total${where}[2m]) > 2550', for: 1m, labels: { severity: page }, annotations: { summary: '{{ $labels.instance }} receives {{ $value | humanize }}B/s' } }`;
    return `{ alert: High${i}, expr: 'load_load_percent${where}', threshold: { operator: ">", value: 91.2, resolve_value: 91 }, annotations: { summary: '{{ $labels.instance }} is at {{ $value }} %' } }`;
  });
  const groups = Array.from({ length: Math.ceil(RULES / PER_GROUP) }, (_, i) => `  - name: group-${i}\n    interval: 15s\n    rules:\n${rules.slice(i * PER_GROUP, (i + 1) * PER_GROUP).map((rule) => `      - ${rule}\n`).join('')}`);
  return `groups:\n${groups.join('')}`;
}

async function reload({ url }: Product): Promise<void> {
  const answer = await fetch(`${url}/-/reload`, { method: 'POST' });
  if (!answer.ok) throw new Error(`reload: ${await answer.text()}`);
}

/** CPU seconds without rules and with them, and evaluations, all in one interval. */
interface Cost {
  readonly idle: number;
  readonly busy: number;
  readonly evaluations: number;
}

async function report(of: Product, { idle, busy, evaluations }: Cost): Promise<void> {
  const { rules: groups } = await of.graphql<Shown>('{ rules { missedTicks evaluationDuration rules { kind expression health lastError evaluationDuration series } } }');
  const rules = groups.flatMap((group) => group.rules);
  const bad = rules.find(({ health }) => health !== 'OK');
  if (bad !== undefined) console.log(`not well: ${bad.expression}: ${bad.health} ${bad.lastError ?? ''}`);
  const instances = rules.filter(({ kind }) => kind === 'ALERTING').reduce((sum, { series }) => sum + series, 0);
  console.log(`${rules.length} rules in ${groups.length} groups over ${SERIES} series, ${instances} alerts pending or firing`);
  console.log(`CPU of the process per 15 s: ${idle.toFixed(2)} s without rules, ${busy.toFixed(2)} s with them: ${evaluations.toFixed(0)} evaluations, ${(((busy - idle) / evaluations) * 1000).toFixed(2)} ms each`);
  console.log(`ticks missed: ${groups.reduce((sum, { missedTicks }) => sum + missedTicks, 0)}; the slowest group took ${Math.max(...groups.map(({ evaluationDuration }) => evaluationDuration)).toFixed(0)} ms`);
  for (const [name, pattern] of [['recording rules', /^sum/], ['alerting rules', /^rate/], ['threshold rules', /^load/]] as const) {
    const durations = rules.filter(({ expression }) => pattern.test(expression)).map(({ evaluationDuration }) => evaluationDuration).sort((a, b) => a - b);
    console.log(`${name}: median ${(durations[durations.length >> 1] ?? NaN).toFixed(1)} ms, slowest ${(durations.at(-1) ?? NaN).toFixed(1)} ms from asked to answered`);
  }
}
