import type { LabelRequest } from '@metrics-dashboard/core';
import type { Timestamp } from '@metrics-dashboard/sdk';
import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { bounded, rangeOf } from '../arguments.js';
import type { Context } from '../context.js';
import { TimestampScalar } from '../scalars.js';
import { MetricMetadataType, NameListType, SeriesListType } from '../types/query.type.js';

const MAX = 100_000;
const LIMIT = 'The most that are answered.';
const SELECTORS = 'Only of series that one of these selectors finds; of all, when there are none.';
const START = 'Only of series with samples after this.';
const END = 'Only of series with samples before this.';
const SEARCH = 'Only what contains this text.';

/** What there is to ask about: labels, series, metadata. */
@Resolver()
export class CatalogResolver {
  @Query(() => NameListType, { description: 'The names of labels.' })
  async labelNames(
    @Ctx() { app, signal }: Context,
    @Arg('selectors', () => [String], { nullable: true, description: SELECTORS }) selectors?: string[] | null,
    @Arg('start', () => TimestampScalar, { nullable: true, description: START }) start?: Timestamp | null,
    @Arg('end', () => TimestampScalar, { nullable: true, description: END }) end?: Timestamp | null,
    @Arg('search', () => String, { nullable: true, description: SEARCH }) search?: string | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: 1000, description: LIMIT }) limit?: number | null,
  ): Promise<NameListType> {
    return app.engine.labelNames(request({ selectors, start, end, search, limit: bounded('limit', limit, 1000, MAX) }), signal);
  }

  @Query(() => NameListType, { description: 'The values of one label.' })
  async labelValues(
    @Ctx() { app, signal }: Context,
    @Arg('name', () => String, { description: 'The name of the label; `__name__` for the names of metrics.' }) name: string,
    @Arg('selectors', () => [String], { nullable: true, description: SELECTORS }) selectors?: string[] | null,
    @Arg('start', () => TimestampScalar, { nullable: true, description: START }) start?: Timestamp | null,
    @Arg('end', () => TimestampScalar, { nullable: true, description: END }) end?: Timestamp | null,
    @Arg('search', () => String, { nullable: true, description: SEARCH }) search?: string | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: 1000, description: LIMIT }) limit?: number | null,
  ): Promise<NameListType> {
    const asked = request({ selectors, start, end, search, limit: bounded('limit', limit, 1000, MAX) });
    return app.engine.labelValues(name, asked, signal);
  }

  @Query(() => SeriesListType, { description: 'Series, by their labels.' })
  async series(
    @Ctx() { app, signal }: Context,
    @Arg('selectors', () => [String], { description: 'Series that one of these finds.' }) selectors: string[],
    @Arg('start', () => TimestampScalar, { nullable: true, description: START }) start?: Timestamp | null,
    @Arg('end', () => TimestampScalar, { nullable: true, description: END }) end?: Timestamp | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: 100, description: LIMIT }) limit?: number | null,
  ): Promise<SeriesListType> {
    return app.engine.series(request({ selectors, start, end, limit: bounded('limit', limit, 100, MAX) }), signal);
  }

  @Query(() => [MetricMetadataType], { description: 'What targets say about metrics.' })
  async metadata(
    @Ctx() { app }: Context,
    @Arg('metric', () => String, { nullable: true, description: 'Only of this one.' }) metric?: string | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: 1000, description: LIMIT }) limit?: number | null,
  ): Promise<readonly MetricMetadataType[]> {
    return (await app.engine.metadata(metric ?? undefined, bounded('limit', limit, 1000, MAX))).values;
  }
}

interface Asked {
  readonly selectors: readonly string[] | null | undefined;
  readonly start: Timestamp | null | undefined;
  readonly end: Timestamp | null | undefined;
  readonly search?: string | null | undefined;
  readonly limit: number;
}

function request({ selectors, start, end, search, limit }: Asked): LabelRequest {
  return { selectors: selectors ?? [], range: rangeOf(start, end), limit, ...(search && { search }) };
}
