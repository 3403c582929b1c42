import type { NamedConfig } from '../../plugin/plugin-config.js';
import type { AuthConfig } from '../config.js';
import { withFiles } from '../files.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { anything, optional, text, withDefault } from '../values.js';
import { z } from 'zod';

const schema = keys({
  anonymous: optional(z.enum(['none', 'viewer', 'editor', 'admin'])),
  tokens: anything,
  users: anything,
  providers: withDefault(z.array(z.looseObject({ kind: text })), []),
});

/**
 * Reads `auth:`; undefined when there is none. `tokens` and `users` are the provider `static`, asked first.
 * `anonymousDefault` is the role of who has not logged in where the section says nothing about it.
 */
export function readAuth(section: Section, anonymousDefault: AuthConfig['anonymous']): AuthConfig | undefined {
  if (section.value === undefined || section.value === null) return undefined;
  const read = section.read(schema);
  const fixed = Object.fromEntries(
    (['tokens', 'users'] as const).filter((key) => (read[key] ?? null) !== null).map((key) => [key, read[key]]),
  );
  const isFixed = Object.keys(fixed).length > 0;
  const providers = read.providers.map((provider, i): NamedConfig => {
    const at = section.inner('providers', i);
    const { kind: _, ...config } = withFiles(at) as Record<string, unknown>;
    return { kind: provider.kind, config, at: at.at };
  });
  return {
    anonymous: read.anonymous ?? anonymousDefault,
    providers: isFixed ? [{ kind: 'static', config: fixed, at: section.at }, ...providers] : providers,
  };
}
