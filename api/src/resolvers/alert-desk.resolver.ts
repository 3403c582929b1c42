import { Resolver, Root, Subscription } from 'type-graphql';
import { alertChanges, alertCounts } from '../alert-changes.js';
import type { AlertChanges, AlertCounts } from '../alert-changes.js';
import type { Context } from '../context.js';
import { eventStream } from '../event-stream.js';
import { AlertChangesType, AlertCountsType } from '../types/alert-desk.type.js';
import { alertOf } from './alerting.resolver.js';

/** As often as people look. */
const AT_MOST_EVERY = 1000;

/** What a page that lists all alerts asks for. */
@Resolver()
export class AlertDeskResolver {
  @Subscription(() => AlertChangesType, {
    description: 'All alerts, each once whichever groups it is in, then what is different; `updatedAt`, and `endsAt` of those that fire, are as of then.',
    subscribe: ({ context }: { context: Context }) => eventStream(async (signal) => alertChanges(context.app.alerting.watch(AT_MOST_EVERY, signal)), context.signal),
  })
  alertChanges(@Root() { whole, alerts, gone }: AlertChanges): AlertChangesType {
    return { whole, alerts: alerts.map(alertOf), gone };
  }

  @Subscription(() => AlertCountsType, {
    description: 'How many alerts fire, then again whenever that is different.',
    subscribe: ({ context }: { context: Context }) => eventStream(async (signal) => alertCounts(context.app.alerting.watch(AT_MOST_EVERY, signal)), context.signal),
  })
  alertCounts(@Root() counts: AlertCounts): AlertCountsType {
    return counts;
  }
}
