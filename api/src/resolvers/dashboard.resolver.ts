import type { Dashboard } from '@metrics-dashboard/core';
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { DashboardType } from '../types/dashboard.type.js';

/** Dashboard documents. */
@Resolver()
export class DashboardResolver {
  @Query(() => DashboardType, { nullable: true, description: 'A dashboard; null when there is none of this id.' })
  dashboard(
    @Ctx() { app }: Context,
    @Arg('id', () => ID, { description: 'Of the dashboard; `home` is there from the start.' }) id: string,
  ): Dashboard | undefined {
    return app.dashboard(id);
  }
}
