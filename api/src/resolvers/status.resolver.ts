import { ALL_TIME, QueryError } from '@metrics-dashboard/sdk';
import type { Timestamp } from '@metrics-dashboard/sdk';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { TimestampScalar } from '../scalars.js';
import { PluginType, PrincipalType, StatusType } from '../types/status.type.js';

/** How the server is, and what can be done to it. */
@Resolver()
export class StatusResolver {
  @Query(() => StatusType, { description: 'How the server is.' })
  async status(@Ctx() { app }: Context): Promise<StatusType> {
    const { storage, refused, restarts } = await app.engine.status();
    return {
      version: app.version,
      startedAt: app.startedAt,
      headSeries: storage.headSeries,
      headSamples: storage.headSamples,
      blocks: storage.blocks,
      diskBytes: storage.diskBytes,
      engineRestarts: restarts,
      refusedSamples: Object.entries(refused).map(([reason, samples]) => ({ reason, samples })),
      configWarnings: app.config().warnings,
      details: Object.entries(storage.details).map(([name, value]) => ({ name, value })),
    };
  }

  @Query(() => [PluginType], { description: 'The plugins of both sides, failed ones among them.' })
  plugins(@Ctx() { app }: Context): Promise<readonly PluginType[]> {
    return app.plugins();
  }

  @Query(() => PrincipalType, { description: 'Who asks, and what they may do.' })
  me(@Ctx() { principal }: Context): PrincipalType {
    return principal ?? { name: '', roles: [] };
  }

  @Mutation(() => Boolean, { description: 'Reads the configuration file again; with an error nothing has changed.' })
  async reload(@Ctx() { app }: Context): Promise<boolean> {
    await app.reload();
    return true;
  }

  @Mutation(() => Boolean, { description: 'Seals what can be sealed, and answers when that is done.' })
  async flush(@Ctx() { app, signal }: Context): Promise<boolean> {
    await app.engine.flush(signal);
    return true;
  }

  @Mutation(() => Boolean, {
    description: 'Deletes the samples of the series that some selector matches, both ends of the range included, and answers when that is done.',
  })
  async deleteSeries(
    @Ctx() { app, signal }: Context,
    @Arg('selectors', () => [String], { description: 'Each by itself, like up{job="api"}.' }) selectors: string[],
    @Arg('start', () => TimestampScalar, { nullable: true, description: 'The beginning by default.' }) start?: Timestamp | null,
    @Arg('end', () => TimestampScalar, { nullable: true, description: 'The newest sample by default.' }) end?: Timestamp | null,
  ): Promise<boolean> {
    if (selectors.length === 0) throw new QueryError('no selectors, expected at least one');
    await app.engine.deleteSeries({ selectors, range: { start: start ?? ALL_TIME.start, end: end ?? ALL_TIME.end } }, signal);
    return true;
  }
}
