import { mayDo, permissionOf } from '@metrics-dashboard/core';
import type { App, Permission } from '@metrics-dashboard/core';
import { AuthError, InvariantError, PermissionError, UnavailableError } from '@metrics-dashboard/sdk';
import type { Principal } from '@metrics-dashboard/sdk';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Context } from '../context.js';

/**
 * Puts the table of permissions in front of every root field. Throws `InvariantError` for a field that the table
 * does not know: such a server does not start.
 */
export function guardFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) guardField(`${type?.name}.${field.name}`, field);
  }
  return schema;
}

/**
 * Throws `AuthError` when saying who they are might help, `PermissionError` when it does not. While the program starts
 * it does not know yet who may do what: `UnavailableError`, so that a sender comes again instead of giving up.
 */
export function demand(app: App, operation: string, permission: Permission, principal: Principal | undefined): void {
  if (mayDo(principal, permission)) return;
  if (!app.isReady()) throw new UnavailableError('the server is not ready yet');
  if (principal === undefined) throw new AuthError(`${operation} asks for the role ${permission}, and nobody is logged in`);
  throw new PermissionError(`${operation} asks for the role ${permission}, ${JSON.stringify(principal.name)} does not have it`);
}

/** The library's own types leave open what a resolver is given. */
type Field = ReturnType<GraphQLObjectType['getFields']>[string];
type Resolver = NonNullable<Field['resolve']>;

function guardField(operation: string, field: Field): void {
  const permission = permissionOf(operation);
  if (permission === undefined) throw new InvariantError(`the GraphQL field ${operation} has no permission`);
  // A subscription is decided once, when it begins; its events come through `resolve`.
  if (field.subscribe) field.subscribe = guarded(operation, permission, field.subscribe);
  else if (field.resolve) field.resolve = guarded(operation, permission, field.resolve);
}

function guarded(operation: string, permission: Permission, inner: Resolver): Resolver {
  return (source, args, context, info) => {
    const { app, principal } = context as Context;
    demand(app, operation, permission, principal);
    return inner(source, args, context, info);
  };
}
