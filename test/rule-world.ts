import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Product } from './product.js';

/** What a webhook was sent: to which of its paths, and the texts of the alerts. */
interface Taken {
  readonly path: string;
  readonly body: string;
}

/** A webhook on loopback that takes all it is sent. */
export class Hook {
  readonly taken: Taken[] = [];
  readonly #server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      this.taken.push({ path: request.url ?? '', body });
      response.end('ok');
    });
  });

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What came of one rule, oldest first. */
  about(rule: string): readonly string[] {
    return this.taken.filter(({ body }) => body.includes(rule)).map(({ path, body }) => `${path} ${body}`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/** A message as a line: which alert is told to be what. */
export const LINE = '{{ range .Alerts }}{{ .Labels.alertname }} {{ .Status }}: {{ .Annotations.summary }}{{ if .Annotations.flapping }} (flaps){{ end }}{{ end }}';

/** Tells each alert by itself, and soon. */
export const configFor = (hook: Hook, more = ''): string => `
self_scrape: false
route: { receiver: team, group_by: ['...'], group_wait: 100ms, group_interval: 500ms, repeat_interval: 1h }
receivers: [{ name: team, webhook_configs: [{ url: "${hook.url}/tree", payload: '${LINE}' }] }]
${more}`;

export const SAVE_RECEIVER = 'mutation ($receiver: ReceiverInput!) { saveReceiver(receiver: $receiver) { name } }';
export const CREATE = 'mutation ($rule: ThresholdRuleInput!) { createThresholdRule(rule: $rule) { id revision } }';

export const wait = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Pushes one sample of the gauge `temperature`. */
async function push(product: Product, of: string, value: number): Promise<void> {
  const metrics = [{ name: 'temperature', type: 'gauge', samples: [{ labels: { of }, value }] }];
  const response = await fetch(`${product.url}/api/v1/push`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ job: 'test', metrics }) });
  if (response.status !== 200) throw new Error(`push answered ${response.status}: ${await response.text()}`);
}

/** Pushes a value again and again until it is told to stop. */
export function keepPushing(product: () => Product, of: string, value: number): { readonly stop: () => Promise<void>; value: number } {
  let goes = true;
  const pusher = { value, stop: async () => ((goes = false), await pushing) };
  const pushing = (async () => {
    while (goes) {
      await push(product(), of, pusher.value).catch(() => undefined);
      await wait(0.3);
    }
  })();
  return pusher;
}

/** A threshold rule as GraphQL takes it, about the series of its name. */
export const rule = (name: string, more: object = {}): object => ({
  name,
  // A series is gone three seconds after its last sample.
  expression: `last_over_time(temperature{of="${name}"}[3s])`,
  operator: 'GT',
  levels: [{ threshold: 80, resolveThreshold: 70 }],
  interval: 1000,
  annotations: { summary: '{{ $labels.of }} is at {{ $value }}' },
  ...more,
});
