import { Labels } from '@metrics-dashboard/sdk';
import type { LogFields, Logger, Notification } from '@metrics-dashboard/sdk';
import { testHost, testNotifier } from '@metrics-dashboard/sdk/testing';
import { describe, expect, it } from 'vitest';
import plugin from './index.js';

const notification: Notification = {
  receiver: 'desk',
  groupKey: '{}',
  idempotencyKey: 'one',
  status: 'firing',
  reason: 'first',
  groupLabels: Labels.EMPTY,
  commonLabels: Labels.EMPTY,
  commonAnnotations: {},
  alerts: [
    {
      labels: Labels.of({ alertname: 'DiskFull', instance: 'db1' }),
      annotations: { summary: 'two hours left' },
      status: 'firing',
      startsAt: 0,
      endsAt: undefined,
      generatorUrl: '',
      fingerprint: 'a',
    },
  ],
  omitted: 0,
  externalUrl: '',
};
