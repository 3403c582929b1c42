import { Labels } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import { buildRoutes, groupLabelsAt, matchRoutes } from './route.js';
import { route } from './testing/world.js';

const tree = buildRoutes(
  route({
    receiver: 'root',
    groupBy: ['alertname'],
    wait: 1,
    routes: [
      route({ receiver: 'db', match: 'team="db"', continues: true, interval: 7, routes: [route({ match: 'severity=page', receiver: 'dba', groupBy: '...' })] }),
      route({ match: 'severity=~"page|warn"', repeat: 9, routes: [route({ match: 'env!~"prod|stage"', receiver: 'dev' })] }),
      route({ match: 'team=db', receiver: 'late' }),
    ],
  }),
);

describe('the routing tree', () => {
  it.each([
    [{}, 'root'],
    [{ team: 'web' }, 'root'],
    [{ team: 'db' }, 'db late'],
    [{ team: 'db', severity: 'page' }, 'dba dev'],
    [{ team: 'db', severity: 'page', env: 'prod' }, 'dba root'],
    [{ severity: 'warn', env: 'production' }, 'dev'],
    [{ severity: 'pages' }, 'root'],
  ])('takes %j to %s', (labels, receivers) => {
    expect(matchRoutes(tree, Labels.of(labels)).map(({ receiver }) => receiver).join(' ')).toBe(receivers);
  });

  it('hands down what a node does not say itself', () => {
    const [db, warn] = tree.routes;
    expect(db).toMatchObject({ key: '{}/{team="db"}', groupWait: 1000, groupInterval: 7000, repeatInterval: 4 * 3_600_000 });
    expect(db?.routes[0]).toMatchObject({ key: '{}/{team="db"}/{severity="page"}', groupInterval: 7000, groupBy: '...' });
    expect(warn).toMatchObject({ receiver: 'root', groupInterval: 300_000, repeatInterval: 9000 });
  });

  it('groups by the labels that it names, or by all', () => {
    const labels = Labels.of({ alertname: 'a', team: 'db', severity: 'page' });
    expect(groupLabelsAt(tree, labels).toString()).toBe('{alertname="a"}');
    const [dba] = matchRoutes(tree, labels);
    expect(dba && groupLabelsAt(dba, labels)).toBe(labels);
  });
});
