import { Labels } from '@metrics-dashboard/sdk';
import { ManualClock, silentLogger } from '@metrics-dashboard/sdk/testing';
import { expect, it } from 'vitest';
import { AlertingWorld, alertingConfig, route } from './testing/world.js';

const tree = route({
  receiver: 'team',
  groupBy: ['alertname'],
  routes: [
    route({ receiver: 'db', match: 'team="db"', continues: true, wait: 1, routes: [route({ match: 'severity="page"', groupBy: '...', muteTimeIntervals: ['always'] })] }),
    route({ receiver: 'page', match: 'severity=~"page|crit"' }),
  ],
});
const always = { times: undefined, weekdays: undefined, daysOfMonth: undefined, months: undefined, years: undefined, zone: 'UTC' };
const config = alertingConfig(tree, { timeIntervals: { always: [always] } }, 'db', 'page');

it('the tree is told in reading order, and of labels where an alert of them would go', async () => {
  const { alerting } = await AlertingWorld.open(config, { clock: new ManualClock(), log: silentLogger });
  const lines = alerting.routes().map(({ id, parent, depth, receiver, matchers, groupBy, groupsByAll, groupWait }) => [id, parent, depth, receiver, matchers.join(), groupsByAll ? '...' : groupBy.join(), groupWait / 1000].join(' '));
  expect(lines).toEqual(['0  0 team  alertname 30', '0.0 0 1 db team="db" alertname 1', '0.0.0 0.0 2 db severity="page" ... 1', '0.1 0 1 page severity=~"page|crit" alertname 30']);
  const where = (labels: Record<string, string>, ...receivers: string[]): readonly string[] =>
    alerting.routeOf(Labels.of(labels), receivers).map(({ route: at, receiver, groupLabels, mutedBy }) => `${at} ${receiver} ${groupLabels.toString()} ${mutedBy.join()}`);
  expect(where({ alertname: 'A', job: 'x' })).toEqual(['0 team {alertname="A"} ']);
  expect(where({ alertname: 'A', team: 'db', severity: 'page' })).toEqual(['0.0.0 db {alertname="A",severity="page",team="db"} always', '0.1 page {alertname="A"} ']);
  expect(where({ alertname: 'A', team: 'db' }, 'page', 'nobody')).toEqual(['undefined page {alertname="A"} ']);
  await alerting.close();
});

it('without a tree there is none, and an alert goes nowhere', async () => {
  const { alerting } = await AlertingWorld.open({ ...config, route: undefined }, { clock: new ManualClock(), log: silentLogger });
  expect(alerting.routes()).toEqual([]);
  expect(alerting.routeOf(Labels.of({ alertname: 'A' }), [])).toEqual([]);
  await alerting.close();
});
