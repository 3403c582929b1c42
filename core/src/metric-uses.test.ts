import { describe, expect, it } from 'vitest';
import { dashboardSchema } from './dashboard/document.js';
import { MetricUses, dashboardExpressions } from './metric-uses.js';
import type { ExpressionSource, MetricUse } from './metric-uses.js';

const document = dashboardSchema.parse({
  version: 1,
  id: 'api',
  title: 'API',
  variables: [{ kind: 'query', name: 'busy', expression: 'topk(5, requests_total)' }],
  panels: [
    { kind: 'timeseries', id: 'a', title: 'Rate', position: { x: 0, y: 0, width: 12, height: 4 }, queries: [{ expression: 'rate(requests_total{job="$job"}[$window])' }, { expression: 'up' }] },
    { kind: 'text', id: 'b', title: 'Words', position: { x: 0, y: 4, width: 12, height: 4 }, content: 'requests_total' },
  ],
});

const dashboards: Parameters<typeof dashboardExpressions>[0] = {
  list: () => Promise.resolve([{ id: 'api', title: 'API', description: '', folder: '', tags: [], revision: 1, updatedAt: 0, updatedBy: '', file: undefined }]),
  get: () => Promise.resolve({ document, revision: 1, updatedAt: 0, updatedBy: '', provisioned: undefined }),
};

describe('what asks for a metric', () => {
  it('are panels, variables and rules', async () => {
    const alert: MetricUse = { kind: 'rule', id: 'api/Slow', title: 'Slow', expression: 'up == 0' };
    const rules: ExpressionSource = { expressions: () => Promise.resolve([alert]) };
    const uses = await new MetricUses([dashboardExpressions(dashboards), rules]).of(['requests_total', 'up', 'unused']);
    expect([...uses].map(([metric, all]) => [metric, all.map(({ title }) => title)])).toEqual([
      ['requests_total', ['API › Rate', 'API › $busy']],
      ['up', ['API › Rate', 'Slow']],
      ['unused', []],
    ]);
  });

  it('is told of up to a bounded number', async () => {
    const many = Array.from({ length: 150 }, (_, i): MetricUse => ({ kind: 'rule', id: `${i}`, title: `${i}`, expression: 'up' }));
    const uses = await new MetricUses([{ expressions: () => Promise.resolve(many) }]).of(['up']);
    expect(uses.get('up')).toHaveLength(100);
  });
});
