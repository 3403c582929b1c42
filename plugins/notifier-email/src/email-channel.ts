import { DeliveryError, ScrapeError, formatDuration } from '@metrics-dashboard/sdk';
import type { Clock, Logger, MessageTemplate, Notification, NotifierChannel } from '@metrics-dashboard/sdk';
import type { EmailConfig } from './config.js';
import { emailOf, emailTemplates } from './message.js';
import { sendEmail } from './smtp.js';

/** Sends a message for each notification by SMTP, over a connection of its own. */
export class EmailChannel implements NotifierChannel {
  readonly sendsResolved: boolean;
  readonly templates: Readonly<Record<string, MessageTemplate>>;
  readonly #config: EmailConfig;
  readonly #clock: Clock;
  readonly #log: Logger;

  constructor(config: EmailConfig, clock: Clock, log: Logger) {
    this.sendsResolved = config.send_resolved;
    this.templates = emailTemplates(config);
    this.#config = config;
    this.#clock = clock;
    this.#log = log;
  }

  async send(notification: Notification, signal: AbortSignal): Promise<void> {
    const email = await emailOf(this.#config, notification);
    if (email.envelope.to.length === 0) throw new DeliveryError('there is no address to send to', false);
    const refused = await this.#inTime((stop) => sendEmail(this.#config, email, stop), signal);
    // To try again would tell the others twice.
    if (refused.length > 0) this.#log.warn('some addresses were refused', { receiver: notification.receiver, refused: refused.length, of: email.envelope.to.length });
  }

  async #inTime<Result>(work: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const { timeout } = this.#config;
    const ended = new AbortController();
    let isLate = false;
    const timer = this.#clock.sleep(timeout, ended.signal).then(() => {
      isLate = !ended.signal.aborted;
      ended.abort();
    });
    try {
      return await work(AbortSignal.any([signal, ended.signal]));
    } catch (error) {
      if (signal.aborted) throw new DeliveryError('the delivery was given up', true, { cause: error });
      if (isLate) throw new DeliveryError(`the mail server did not take the message within ${formatDuration(timeout)}`, true);
      throw error instanceof ScrapeError ? new DeliveryError(error.message, true, { cause: error }) : error;
    } finally {
      ended.abort();
      await timer;
    }
  }
}
