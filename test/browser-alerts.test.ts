import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, hasPeer } from './peer.js';
import { startProduct, temporaryFolder } from './product.js';
import type { Product } from './product.js';
import { openBrowser, openPage, push } from './window.js';

/** What somebody may put into labels, and thereby on every page about alerts. */
const HOSTILE = '<img src=x onerror="document.title=1">';
const SIZE = { viewport: { width: 1440, height: 1000 } };

interface Message {
  readonly status: string;
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> }[];
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const badgeOf = (page: Page, name: string) => page.locator('[data-alert]').filter({ hasText: name }).locator('.badge');
const showsState = (page: Page, name: string, state: string) => eventually(async () => (await badgeOf(page, name).first().textContent()) === state, `${name} is ${state}`);

/** A webhook that keeps what it is told. */
async function listen(): Promise<{ readonly url: string; readonly messages: Message[]; close(): void }> {
  const messages: Message[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => void (body += part.toString()));
    request.on('end', () => {
      messages.push(JSON.parse(body) as Message);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, messages, close: () => void server.close() };
}

describe.skipIf(!hasPeer('chromium'))('the alert desk', () => {
  const folder = temporaryFolder();
  let hook: Awaited<ReturnType<typeof listen>>;
  let product: Product;
  let browser: Browser;
  let depth = 1;
  let pusher: ReturnType<typeof setInterval>;

  const start = (port?: number): Promise<Product> =>
    startProduct({
      dataDir: `${folder.path}/data`,
      ...(port === undefined ? {} : { port }),
      config: `
global: { scrape_interval: 1s, evaluation_interval: 1s }
route: { receiver: hook, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: hook
    webhook_configs: [{ url: '${hook.url}' }]
`,
    });

  beforeAll(async () => {
    hook = await listen();
    product = await start();
    browser = await openBrowser();
    const send = (): Promise<void> => push(product, [{ labels: { __name__: 'queue_depth', shop: HOSTILE }, value: depth, at: Date.now() }]);
    // While the server is started again nobody takes them.
    pusher = setInterval(() => void send().catch(() => undefined), 500);
    await eventually(async () => (await product.query('queue_depth')).data.result.length > 0, 'the queue is measured');
  });
  afterAll(async () => {
    clearInterval(pusher);
    await browser?.close();
    await product?.stop();
    hook?.close();
    folder.remove();
  });

  it('makes a rule of what Explore asks, tries it on the past, tells people, is silenced, survives a restart, and tells the end', async () => {
    const { page, complaints, close } = await openPage(browser, product, '/explore?q=queue_depth', SIZE);
    await page.getByRole('link', { name: 'Make a rule' }).click();
    await page.getByLabel('Name', { exact: true }).fill('QueueLong');
    await page.getByLabel('Threshold', { exact: true }).fill('10');
    await page.getByLabel('Resolves at', { exact: true }).fill('6');
    // Pending alerts are asked for every three seconds: long enough to be seen for certain.
    await page.getByLabel('For', { exact: false }).first().fill('8s');
    await page.getByLabel('Evaluated every').fill('1s');
    await page.getByLabel('Text of annotation 1').fill(`{{ $labels.shop }} has {{ $value }}`);
    await page.waitForSelector('[data-line="threshold 0"]');
    await button(page, 'Create the rule').click();
    await page.waitForURL(/alerts\/rules\/[0-9a-f-]{36}/);

    depth = 20;
    await page.getByRole('link', { name: 'Alerts', exact: true }).last().click();
    await showsState(page, 'QueueLong', 'pending');
    await showsState(page, 'QueueLong', 'firing');
    await eventually(() => page.title().then((title) => title.startsWith('(1) ')), 'the title tells that one fires');
    await eventually(() => hook.messages.length === 1, 'people are told');
    expect(hook.messages[0]).toMatchObject({ status: 'firing', alerts: [{ annotations: { summary: `${HOSTILE} has 20` } }] });
    expect(await page.locator('[data-alert] .summary').textContent()).toBe(`${HOSTILE} has 20`);
    expect(await page.locator('main img').count()).toBe(0);

    await button(page, 'Silence').click();
    const sheet = page.locator('dialog[open]');
    await sheet.getByText('1 alert now').waitFor();
    await sheet.getByLabel('Why').fill('we know');
    await sheet.getByRole('button', { name: 'Silence', exact: true }).click();
    await showsState(page, 'QueueLong', 'muted');
    await button(page, 'QueueLong').last().click();
    await page.getByText('It is silenced').waitFor();
    await page.waitForSelector('dialog[open] .bands .firing', { state: 'attached' });
    await page.keyboard.press('Escape');

    const { port } = product;
    await product.stop();
    await page.waitForSelector('.rail .state[data-state="lost"]');
    product = await start(port);
    await page.waitForSelector('.rail .state[data-state="open"]', { timeout: 30_000 });
    await eventually(async () => (await product.query('queue_depth')).data.result.length > 0, 'the queue is measured again');
    await showsState(page, 'QueueLong', 'muted');

    await page.getByRole('link', { name: 'Silences' }).click();
    await page.getByText('we know').waitFor();
    await button(page, 'Expire').click();
    await page.getByText('Nothing is silenced').waitFor();
    await page.getByRole('link', { name: 'Alerts', exact: true }).last().click();
    await showsState(page, 'QueueLong', 'firing');
    depth = 8;
    await eventually(async () => (await product.query('queue_depth')).data.result[0]?.value[1] === '8', 'it is between the thresholds');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await showsState(page, 'QueueLong', 'firing');
    depth = 1;
    await showsState(page, 'QueueLong', 'resolved');
    await eventually(() => hook.messages.at(-1)?.status === 'resolved', 'people are told that it is over');
    expect(hook.messages.map(({ status }) => status)).toEqual(['firing', 'resolved']);

    await page.getByRole('link', { name: 'History' }).click();
    await page.waitForSelector('.strips .firing', { state: 'attached' });
    // While the server was away the page asked for it in vain.
    expect(complaints.filter((text) => !/ERR_CONNECTION|WebSocket|Failed to load|Failed to fetch/.test(text))).toEqual([]);
    await close();
  });

  it('tells who saves a rule late what differs, and lets them decide', async () => {
    const rule = { name: 'Shared', expression: 'queue_depth', operator: 'GT', levels: [{ threshold: 1e6 }] };
    const { createThresholdRule } = await product.graphql<{ createThresholdRule: { id: string } }>('mutation ($rule: ThresholdRuleInput!) { createThresholdRule(rule: $rule) { id } }', { rule });
    const path = `/alerts/rules/${createThresholdRule.id}`;
    const [first, second] = await Promise.all([openPage(browser, product, path, SIZE), openPage(browser, product, path, SIZE)]);
    await first.page.getByLabel('Threshold', { exact: true }).fill('2e6');
    await second.page.getByLabel('Threshold', { exact: true }).fill('3e6');
    await button(first.page, 'Save').click();
    await first.page.getByText('Saved', { exact: true }).waitFor();
    await button(second.page, 'Save').click();
    await second.page.getByText('It was changed meanwhile').waitFor();
    expect(await second.page.locator('dialog[open] code').allTextContents()).toEqual(['condition: > 2000000, now > 3e6']);
    await button(second.page, 'Save over it').click();
    await second.page.getByText('Saved', { exact: true }).waitFor();
    await first.close();
    await second.close();
  });

  it('is worked by the keyboard alone: a line is moved, a rule made, an alert opened and silenced', async () => {
    const { page, close } = await openPage(browser, product, '/alerts/rules/new?query=queue_depth%20%3E%200.5', SIZE);
    const line = page.locator('[data-line="threshold 0"]');
    await line.focus();
    for (const key of ['ArrowUp', 'ArrowUp', 'PageDown']) await page.keyboard.press(key);
    await eventually(async () => Number(await page.getByLabel('Threshold', { exact: true }).inputValue()) < 0.5, 'the line was moved');
    await page.getByLabel('Evaluated every').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('1s');
    await page.getByLabel('Name', { exact: true }).focus();
    await page.keyboard.type('ByKeys');
    await page.keyboard.press('Enter');
    await page.waitForURL(/alerts\/rules\/[0-9a-f-]{36}/);
    await page.locator('h1').click();
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await showsState(page, 'ByKeys', 'firing');
    await button(page, 'ByKeys').last().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Silence it' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Why').focus();
    await page.keyboard.type('by keys');
    await page.keyboard.press('Enter');
    await showsState(page, 'ByKeys', 'muted');
    await close();
  });

  it('makes a receiver by the form of its kind, tries it, and says where an alert would go', async () => {
    const { page, close } = await openPage(browser, product, '/alerts/channels', SIZE);
    await button(page, 'New receiver').click();
    const sheet = page.locator('dialog[open]');
    await sheet.getByLabel('Name', { exact: true }).fill('made-here');
    await sheet.getByLabel('URL', { exact: false }).first().fill(hook.url);
    const before = hook.messages.length;
    await sheet.getByRole('button', { name: 'Send a test' }).click();
    await sheet.getByText('Delivered').waitFor();
    expect(hook.messages.length).toBe(before + 1);
    await sheet.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('region', { name: 'Receiver made-here' }).waitFor();
    await page.getByLabel('Where would this alert go?').fill('alertname=Any');
    await page.waitForSelector('[data-route="0"].taken');
    await close();
  });

  describe.each(['dark', 'light'])('in the %s theme', (theme) => {
    const pages = ['/alerts', '/alerts/rules', '/alerts/rules/new?query=queue_depth', '/alerts/silences', '/alerts/history', '/alerts/notifications', '/alerts/channels'];

    it('has nothing for axe to object to on any page, nor is one too wide for a phone', async () => {
      const { page, complaints, close } = await openPage(browser, product, '/alerts', SIZE);
      await page.evaluate(`localStorage.setItem('metrics-dashboard.theme', '${theme}')`);
      for (const path of pages) {
        await page.setViewportSize(SIZE.viewport);
        await page.goto(product.url + path);
        await page.waitForSelector('main .card');
        await page.waitForTimeout(400);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(grave.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
        await page.setViewportSize({ width: 390, height: 844 });
        expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), `${path} is too wide`).toBe(false);
      }
      expect(complaints).toEqual([]);
      await close();
    });
  });
});
