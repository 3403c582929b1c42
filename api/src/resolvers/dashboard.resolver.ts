import type { StoredDashboard, Variable } from '@metrics-dashboard/core';
import type { Timestamp } from '@metrics-dashboard/sdk';
import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { DashboardDocumentScalar, TimestampScalar, VariableDefinitionScalar } from '../scalars.js';
import { DashboardRevisionType, DashboardSummaryType, DashboardType, ResolvedVariableType, VariableValueInput, differenceOf } from '../types/dashboard.type.js';

const EXPECTED = 'The revision that the change was made on; 0: there is none yet. Another one there is refuses the change, with code CONFLICT and what differs.';
const MESSAGE = 'What people read in the history.';

/** How far back series are looked for whose labels are options. */
const OPTIONS_RANGE = 6 * 3600_000;

/** Dashboard documents, their revisions, and the variables above them. */
@Resolver()
export class DashboardResolver {
  @Query(() => [DashboardSummaryType], { description: 'By folder and title.' })
  dashboards(
    @Ctx() { app }: Context,
    @Arg('search', () => String, { defaultValue: '', description: 'Words that all stand in the title, description, folder or tags.' }) search: string,
  ): Promise<readonly DashboardSummaryType[]> {
    return app.dashboards.list(search);
  }

  @Query(() => DashboardType, { nullable: true, description: 'A dashboard; null when there is none of this id.' })
  async dashboard(
    @Ctx() { app }: Context,
    @Arg('id', () => ID, { description: 'Of the dashboard; `home` is there from the start.' }) id: string,
  ): Promise<DashboardType | undefined> {
    const found = await app.dashboards.get(id);
    return found === undefined ? undefined : typeOf(found);
  }

  @Query(() => [DashboardRevisionType], { description: 'What was done to a dashboard, newest first; also to one that was deleted.' })
  dashboardHistory(@Ctx() { app }: Context, @Arg('id', () => ID, { description: 'Of the dashboard.' }) id: string): Promise<readonly DashboardRevisionType[]> {
    return app.dashboards.history(id);
  }

  @Query(() => DashboardDocumentScalar, { description: 'What a dashboard was in a revision.' })
  dashboardRevision(
    @Ctx() { app }: Context,
    @Arg('id', () => ID, { description: 'Of the dashboard.' }) id: string,
    @Arg('revision', () => Int, { description: 'Its number.' }) revision: number,
  ): Promise<unknown> {
    return app.dashboards.at(id, revision);
  }

  @Query(() => [String], { description: 'What is wrong with a document, place by place; empty: it can be saved.' })
  checkDashboard(
    @Ctx() { app }: Context,
    @Arg('document', () => DashboardDocumentScalar, { description: 'As it would be saved.' }) document: unknown,
  ): readonly string[] {
    return app.dashboards.check(document);
  }

  @Query(() => [ResolvedVariableType], { description: 'The options of variables, and what is chosen of them, along the chain of those that depend on others.' })
  async variables(
    @Ctx() { app, signal }: Context,
    @Arg('variables', () => [VariableDefinitionScalar], { description: 'As in a dashboard document.' }) variables: readonly Variable[],
    @Arg('values', () => [VariableValueInput], { defaultValue: [], description: 'What people chose.' }) values: readonly VariableValueInput[],
    @Arg('start', () => TimestampScalar, { nullable: true, description: 'Series with samples from then on; six hours before the end by default.' }) start?: Timestamp | null,
    @Arg('end', () => TimestampScalar, { nullable: true, description: 'Until then; now by default.' }) end?: Timestamp | null,
    @Arg('searchIn', () => String, { nullable: true, description: 'The variable that is searched.' }) searchIn?: string | null,
    @Arg('search', () => String, { nullable: true, description: 'Only its options that have this text in them.' }) search?: string | null,
  ): Promise<readonly ResolvedVariableType[]> {
    const until = end ?? app.clock.now();
    const range = { start: start ?? until - OPTIONS_RANGE, end: until };
    const searched = typeof searchIn === 'string' ? { name: searchIn, text: search ?? '' } : undefined;
    const resolved = await app.dashboards.variables({ variables, values, range, search: searched }, signal);
    return resolved.map(({ chosen, ...rest }) => ({ ...rest, chosen: { ...chosen, all: chosen.all ?? false } }));
  }

  @Mutation(() => DashboardType, { description: 'Saves a dashboard under the id of its document.' })
  async saveDashboard(
    @Ctx() { app, principal }: Context,
    @Arg('document', () => DashboardDocumentScalar, { description: 'The whole; a mistake in it is an error that tells every place.' }) document: unknown,
    @Arg('expectedRevision', () => Int, { description: EXPECTED }) expected: number,
    @Arg('message', () => String, { defaultValue: '', description: MESSAGE }) message: string,
  ): Promise<DashboardType> {
    return typeOf(await app.dashboards.save(document, { expected, by: principal?.name ?? '', message }));
  }

  @Mutation(() => Boolean, { description: 'Deletes a dashboard; its revisions stay and can be restored.' })
  async deleteDashboard(
    @Ctx() { app, principal }: Context,
    @Arg('id', () => ID, { description: 'Of the dashboard.' }) id: string,
    @Arg('expectedRevision', () => Int, { description: EXPECTED }) expected: number,
  ): Promise<boolean> {
    await app.dashboards.remove(id, { expected, by: principal?.name ?? '' });
    return true;
  }

  @Mutation(() => DashboardType, { description: 'Saves what a dashboard was as a new revision; also one that was deleted.' })
  async restoreDashboard(
    @Ctx() { app, principal }: Context,
    @Arg('id', () => ID, { description: 'Of the dashboard.' }) id: string,
    @Arg('revision', () => Int, { description: 'What it was then.' }) revision: number,
    @Arg('expectedRevision', () => Int, { description: EXPECTED }) expected: number,
  ): Promise<DashboardType> {
    return typeOf(await app.dashboards.restore(id, revision, { expected, by: principal?.name ?? '' }));
  }

  @Mutation(() => DashboardType, { description: 'Takes what the file of a dashboard says over what was edited; that stays in the history.' })
  async takeDashboardFile(@Ctx() { app, principal }: Context, @Arg('id', () => ID, { description: 'Of the dashboard.' }) id: string): Promise<DashboardType> {
    return typeOf(await app.dashboards.takeFile(id, principal?.name ?? ''));
  }
}

function typeOf({ document, provisioned, ...rest }: StoredDashboard): DashboardType {
  const file = provisioned === undefined ? undefined : { file: provisioned.file, drift: provisioned.drift.map(differenceOf) };
  return { id: document.id, document, ...rest, provisioned: file };
}
