import type { Notification, NotifierChannel } from '../contract/notifier.js';
import { DeliveryError, messageOf } from '../errors.js';
import { Labels } from '../model/labels.js';
import { assertEqual, assertFails, assertTrue, type ContractTest } from './contract-test.js';
import { START, never } from './storage-bench.js';

/** A channel and the other side it delivers to, both made for one test. */
export interface NotifierBench {
  readonly channel: NotifierChannel;
  /** How many notifications the other side has taken. */
  readonly taken: () => number;
  /** From now on the other side refuses, for a reason that may pass, or for one that will not. */
  readonly refuse: (retryable: boolean) => void;
  /** From now on the other side takes what comes and never answers. */
  readonly hang: () => void;
  /** Texts of the channel's configuration that nobody may read in a log. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** The tests of `contract/notifier.ts`. For a channel with nobody on the other side, see `testLocalNotifier`. */
export function testNotifier(make: () => Promise<NotifierBench>): ContractTest[] {
  const test = (name: string, run: (bench: NotifierBench) => Promise<void>): ContractTest => ({
    name,
    async run() {
      const bench = await make();
      try {
        await run(bench);
      } finally {
        await bench.close();
      }
    },
  });
  return [
    test('1. send resolves when the other side has taken the notification', deliveries),
    test('2. send rejects with a DeliveryError that says whether to try again', refusals),
    test('3. send gives up when the signal aborts', aborts),
    test('4. error messages contain no secret', secrets),
  ];
}

/** The part of `testNotifier` that a channel passes which delivers to nobody who could refuse, like one that prints. */
export function testLocalNotifier(
  make: () => Promise<Pick<NotifierBench, 'channel' | 'taken' | 'close'>>,
): ContractTest[] {
  return [
    {
      name: '1. send resolves when the other side has taken the notification',
      async run() {
        const bench = await make();
        try {
          await deliveries(bench);
        } finally {
          await bench.close();
        }
      },
    },
  ];
}

/** A notification of one firing alert, or with some fields replaced; for tests of channels. */
export function sampleNotification(changes: Partial<Notification> = {}): Notification {
  const labels = Labels.of({ alertname: 'HighLatency', service: 'api', path: '/"quoted"\nand <b>broken</b> ü' });
  return {
    receiver: 'team-a',
    groupKey: '{}:{alertname="HighLatency"}',
    idempotencyKey: 'k1',
    status: 'firing',
    reason: 'first',
    groupLabels: Labels.of({ alertname: 'HighLatency' }),
    commonLabels: labels,
    commonAnnotations: { summary: 'slow: 50 % of "requests" take > 1 s' },
    alerts: [
      {
        labels,
        annotations: { summary: 'slow: 50 % of "requests" take > 1 s' },
        status: 'firing',
        startsAt: START,
        endsAt: undefined,
        generatorUrl: 'http://localhost:9700/explore?q=up',
        fingerprint: '00c0ffee',
      },
    ],
    omitted: 0,
    externalUrl: 'http://localhost:9700',
    texts: {},
    ...changes,
  };
}

async function deliveries({ channel, taken }: Pick<NotifierBench, 'channel' | 'taken'>): Promise<void> {
  const firing = sampleNotification();
  await channel.send(firing, never);
  assertEqual(taken(), 1, 'taken after the first');
  const alerts = firing.alerts.map((alert) => ({ ...alert, status: 'resolved' as const, endsAt: START + 60_000 }));
  await channel.send(sampleNotification({ status: 'resolved', reason: 'all-resolved', alerts }), never);
  assertEqual(taken(), 2, 'taken after the second');
  await channel.send(sampleNotification({ reason: 'test', alerts: [], omitted: 3, commonAnnotations: {} }), never);
  assertEqual(taken(), 3, 'taken after one without alerts');
}

async function refusals({ channel, refuse, taken }: NotifierBench): Promise<void> {
  for (const retryable of [true, false]) {
    refuse(retryable);
    const what = `send to who refuses ${retryable ? 'this time' : 'for good'}`;
    const error = await assertFails(() => channel.send(sampleNotification(), never), DeliveryError, what);
    assertEqual(error.retryable, retryable, `${what}: retryable`);
  }
  assertEqual(taken(), 0, 'taken');
}

async function aborts({ channel, hang }: NotifierBench): Promise<void> {
  await assertFails(() => channel.send(sampleNotification(), AbortSignal.abort()), Error, 'send with an aborted signal');
  hang();
  const controller = new AbortController();
  const sent = assertFails(() => channel.send(sampleNotification(), controller.signal), Error, 'send that is aborted');
  setImmediate(() => controller.abort());
  await sent;
}

async function secrets({ channel, refuse, secrets: texts }: NotifierBench): Promise<void> {
  for (const retryable of [true, false]) {
    refuse(retryable);
    const error = await assertFails(() => channel.send(sampleNotification(), never), Error, 'send to who refuses');
    const said = `${messageOf(error)} ${String(error.stack)}`;
    for (const text of texts) assertTrue(!said.includes(text), `the error message keeps the secret: ${error.name}`);
  }
}
