import 'reflect-metadata';
import { createPubSub } from '@graphql-yoga/subscription';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { guardFields } from './graphql/guard.js';
import { AlertDeskResolver } from './resolvers/alert-desk.resolver.js';
import { AlertingResolver } from './resolvers/alerting.resolver.js';
import { CardinalityResolver } from './resolvers/cardinality.resolver.js';
import { CatalogResolver } from './resolvers/catalog.resolver.js';
import { DashboardResolver } from './resolvers/dashboard.resolver.js';
import { LiveResolver } from './resolvers/live.resolver.js';
import { QueryResolver } from './resolvers/query.resolver.js';
import { ReceiverResolver } from './resolvers/receiver.resolver.js';
import { RuleResolver } from './resolvers/rule.resolver.js';
import { StatusResolver } from './resolvers/status.resolver.js';
import { TargetResolver } from './resolvers/target.resolver.js';
import { ThresholdRuleResolver } from './resolvers/threshold-rule.resolver.js';

/**
 * The schema, with the permissions in front of its fields. Resolvers hold no state: what they work on is in the
 * context of each request.
 */
export function createSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [QueryResolver, CatalogResolver, TargetResolver, CardinalityResolver, RuleResolver, ThresholdRuleResolver, StatusResolver, AlertingResolver, AlertDeskResolver, ReceiverResolver, DashboardResolver, LiveResolver],
    // Arguments are checked by their scalars and by the resolvers.
    validate: false,
    // Each subscription brings its own stream; the library asks for this all the same.
    pubSub: createPubSub(),
  });
  return guardFields(inWrittenOrder(schema));
}

/** Decorators of parameters run from the last to the first, and so their arguments would stand in the schema. */
function inWrittenOrder(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) field.args = [...field.args].reverse();
  }
  return schema;
}
