import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

/** How a panel draws; the values are core's. */
export const PanelKind = { TIMESERIES: 'timeseries', STAT: 'stat' } as const;
registerEnumType(PanelKind, {
  name: 'PanelKind',
  description: 'How a panel draws.',
  valuesConfig: {
    TIMESERIES: { description: 'Lines over time.' },
    STAT: { description: 'The last value, large.' },
  },
});

@ObjectType('PanelPosition', { simpleResolvers: true, description: 'On a grid 24 columns wide.' })
export class PanelPositionType {
  @Field(() => Int, { description: 'The first column, from 0.' })
  declare readonly x: number;

  @Field(() => Int, { description: 'The first row, from 0.' })
  declare readonly y: number;

  @Field(() => Int, { description: 'In columns.' })
  declare readonly width: number;

  @Field(() => Int, { description: 'In rows.' })
  declare readonly height: number;
}

@ObjectType('PanelQuery', { simpleResolvers: true, description: 'One of the queries a panel draws.' })
export class PanelQueryType {
  @Field(() => String, { description: 'In PromQL.' })
  declare readonly expression: string;

  @Field(() => String, { description: '`{{label}}` takes a label\'s value; empty: the label set itself.' })
  declare readonly legend: string;
}

@ObjectType('Panel', { simpleResolvers: true, description: 'A chart or a number.' })
export class PanelType {
  @Field(() => ID, { description: 'Unique within its dashboard.' })
  declare readonly id: string;

  @Field(() => String, { description: 'For people.' })
  declare readonly title: string;

  @Field(() => String, { description: 'More, for people; may be empty.' })
  declare readonly description: string;

  @Field(() => PanelKind, { description: 'How it draws.' })
  declare readonly kind: (typeof PanelKind)[keyof typeof PanelKind];

  @Field(() => String, { description: 'How values are written: `short`, `bytes`, `seconds`, `percent`, `ops`, …' })
  declare readonly unit: string;

  @Field(() => [PanelQueryType], { description: 'What it draws.' })
  declare readonly queries: readonly PanelQueryType[];

  @Field(() => PanelPositionType, { description: 'Where it stands.' })
  declare readonly position: PanelPositionType;
}

@ObjectType('Dashboard', { simpleResolvers: true, description: 'Panels on a grid.' })
export class DashboardType {
  @Field(() => ID, { description: '`home` for the one that comes with the server.' })
  declare readonly id: string;

  @Field(() => String, { description: 'For people.' })
  declare readonly title: string;

  @Field(() => String, { description: 'More, for people; may be empty.' })
  declare readonly description: string;

  @Field(() => [PanelType], { description: 'In the order in which they are read.' })
  declare readonly panels: readonly PanelType[];
}
