import { relabelRulesOf, stepFor } from '@metrics-dashboard/core';
import type { CardinalityChange } from '@metrics-dashboard/core';
import type { Duration } from '@metrics-dashboard/sdk';
import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { bounded } from '../arguments.js';
import type { Context } from '../context.js';
import { DurationScalar } from '../scalars.js';
import { CardinalityChangeInput, CardinalityForecastType, CardinalityType, SeriesGrowthType } from '../types/cardinality.type.js';

const ENTRIES = { otherwise: 20, max: 1000 } as const;
const POINTS = 300;
const DAY = 86_400_000;
const LIMIT = 'The most entries of each list.';

/** How many series there are, where they come from, and what would make them fewer. */
@Resolver()
export class CardinalityResolver {
  @Query(() => CardinalityType, { description: 'How many series there are in the head, of all metrics or of one, and where they come from.' })
  async cardinality(
    @Ctx() { app, signal }: Context,
    @Arg('metric', () => String, { nullable: true, description: 'Of this metric alone: its labels and their values.' }) metric?: string | null,
    @Arg('limit', () => Int, { nullable: true, defaultValue: ENTRIES.otherwise, description: LIMIT }) limit?: number | null,
  ): Promise<CardinalityType> {
    const most = bounded('limit', limit, ENTRIES.otherwise, ENTRIES.max);
    const report = await app.engine.cardinality({ metric: metric ?? undefined, limit: most }, signal);
    const { seriesPerTarget = 0, series = 0 } = report.limits;
    return { ...report, limits: { ...report.limits, seriesPerTarget, series }, metrics: await withUses(app, report.metrics) };
  }

  @Query(() => SeriesGrowthType, { description: 'How many series there were over time, as far as the server scraped itself: of all metrics, or of one that was among the fifty largest.' })
  async cardinalityGrowth(
    @Ctx() { app, signal }: Context,
    @Arg('metric', () => String, { nullable: true, description: 'Of this metric alone.' }) metric?: string | null,
    @Arg('window', () => DurationScalar, { nullable: true, description: 'Until now; a day by default.' }) window?: Duration | null,
  ): Promise<SeriesGrowthType> {
    const of = typeof metric === 'string' ? `metrics_dashboard_metric_series{metric=${JSON.stringify(metric)}}` : 'metrics_dashboard_storage_head_series';
    const length = window ?? DAY;
    const step = stepFor(length, POINTS);
    const end = Math.floor(app.clock.now() / step) * step;
    const result = await app.engine.query({ expression: `max(${of})`, time: { kind: 'range', start: end - length, end, step } }, signal);
    return { times: result.times, values: { values: result.values } };
  }

  @Query(() => CardinalityForecastType, { description: 'What if: what rules and limits would save, worked out on the series of the head.' })
  async cardinalityForecast(
    @Ctx() { app, signal }: Context,
    @Arg('change', () => CardinalityChangeInput, { description: 'What might be put into the configuration.' }) input: CardinalityChangeInput,
    @Arg('limit', () => Int, { nullable: true, defaultValue: ENTRIES.otherwise, description: LIMIT }) limit?: number | null,
  ): Promise<CardinalityForecastType> {
    const most = bounded('limit', limit, ENTRIES.otherwise, ENTRIES.max);
    const forecast = await app.engine.forecastCardinality(changeOf(input, most), signal);
    return { ...forecast, metrics: await withUses(app, forecast.metrics) };
  }
}

function changeOf(input: CardinalityChangeInput, limit: number): CardinalityChange {
  return {
    relabel: relabelRulesOf(input.relabel ?? []),
    selector: input.selector ?? undefined,
    seriesPerMetric: input.seriesPerMetric ?? undefined,
    seriesPerTarget: input.seriesPerTarget ?? undefined,
    series: input.series ?? undefined,
    limit,
  };
}

async function withUses<One extends { readonly metric: string }>(app: Context['app'], all: readonly One[]): Promise<(One & Pick<CardinalityType['metrics'][number], 'uses'>)[]> {
  const uses = await app.metricUses.of(all.map(({ metric }) => metric));
  return all.map((one) => ({ ...one, uses: uses.get(one.metric) ?? [] }));
}
