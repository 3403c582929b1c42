import type { Duration, Label, Timestamp } from '@metrics-dashboard/sdk';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DurationScalar, LabelSetScalar, TimestampScalar } from '../scalars.js';

/** How a target is; the values are core's. */
export const TargetHealth = { UNKNOWN: 'unknown', UP: 'up', DOWN: 'down' } as const;
export type TargetHealthValue = (typeof TargetHealth)[keyof typeof TargetHealth];
registerEnumType(TargetHealth, {
  name: 'TargetHealth',
  description: 'How a target is.',
  valuesConfig: {
    UNKNOWN: { description: 'It has not been scraped yet.' },
    UP: { description: 'The last scrape succeeded.' },
    DOWN: { description: 'The last scrape failed.' },
  },
});

@ObjectType('Target', { simpleResolvers: true, description: 'One place that is scraped.' })
export class TargetType {
  @Field(() => ID, { description: "Stable for as long as the target's labels and address are." })
  declare readonly id: string;

  @Field(() => String, { description: 'The name of its job in the configuration.' })
  declare readonly scrapePool: string;

  @Field(() => String, { description: 'What is fetched.' })
  declare readonly url: string;

  @Field(() => LabelSetScalar, { description: 'The labels that its series carry.' })
  declare readonly labels: readonly Label[];

  @Field(() => LabelSetScalar, { description: 'The labels before relabeling.' })
  declare readonly discoveredLabels: readonly Label[];

  @Field(() => TargetHealth, { description: 'How its last scrape went.' })
  declare readonly health: TargetHealthValue;

  @Field(() => String, { nullable: true, description: 'Why the last scrape failed, for people.' })
  declare readonly lastError: string | undefined;

  @Field(() => TimestampScalar, { nullable: true, description: 'When it was last scraped.' })
  declare readonly lastScrape: Timestamp | undefined;

  @Field(() => Float, { nullable: true, description: 'How long the last scrape took, in seconds.' })
  declare readonly lastScrapeSeconds: number | undefined;

  @Field(() => Int, { nullable: true, description: 'How many samples the last scrape brought.' })
  declare readonly samples: number | undefined;

  @Field(() => DurationScalar, { description: 'How often it is scraped.' })
  declare readonly interval: Duration;

  @Field(() => DurationScalar, { description: 'How long a scrape may take.' })
  declare readonly timeout: Duration;
}

@ObjectType('DroppedTarget', { simpleResolvers: true, description: 'A place that was discovered and is not scraped.' })
export class DroppedTargetType {
  @Field(() => ID, { description: 'Stable for as long as its discovered labels are.' })
  declare readonly id: string;

  @Field(() => String, { description: 'The name of its job in the configuration.' })
  declare readonly scrapePool: string;

  @Field(() => LabelSetScalar, { description: 'The labels before relabeling.' })
  declare readonly discoveredLabels: readonly Label[];

  @Field(() => String, { nullable: true, description: 'Why it can not be scraped; null when a rule dropped it.' })
  declare readonly error: string | undefined;
}
