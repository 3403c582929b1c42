import type { Principal, Role } from '@metrics-dashboard/sdk';
import { describe, expect, test } from 'vitest';
import { mayDo, operations, permissionOf } from './permissions.js';
import type { Permission } from './permissions.js';

describe('permissions', () => {
  test.each<[Role | undefined, Permission, boolean]>([
    [undefined, 'public', true],
    [undefined, 'viewer', false],
    ['viewer', 'viewer', true],
    ['viewer', 'editor', false],
    ['viewer', 'admin', false],
    ['editor', 'viewer', true],
    ['editor', 'editor', true],
    ['editor', 'admin', false],
    ['admin', 'viewer', true],
    ['admin', 'admin', true],
  ])('%s may do what asks for %s: %s', (role, permission, expected) => {
    const principal: Principal | undefined = role && { name: 'ada', roles: [role] };
    expect(mayDo(principal, permission)).toBe(expected);
  });

  test('somebody without a role may do what is public and no more', () => {
    expect(mayDo({ name: 'ada', roles: [] }, 'public')).toBe(true);
    expect(mayDo({ name: 'ada', roles: [] }, 'viewer')).toBe(false);
  });

  test('knows what it lists and nothing else', () => {
    expect(operations().every((operation) => permissionOf(operation) !== undefined)).toBe(true);
    expect(permissionOf('Query.nothing')).toBeUndefined();
  });

  test('whatever changes something asks for more than a viewer', () => {
    const changing = operations().filter((operation) => /^Mutation\.|admin|reload|write/.test(operation));
    expect(changing.length).toBeGreaterThan(5);
    for (const operation of changing) expect(mayDo({ name: 'ada', roles: ['viewer'] }, permissionOf(operation) ?? 'admin')).toBe(false);
  });
});
