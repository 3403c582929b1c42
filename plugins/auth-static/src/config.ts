import { z } from 'zod';
import { parsePasswordHash, parseTokenHash } from './hash.js';

const role = z.enum(['viewer', 'editor', 'admin']);

const token = z.strictObject({
  name: z.string().min(1),
  role,
  hash: parsed(parseTokenHash, 'a token hash: sha256:<64 hexadecimal digits>'),
});

const user = z.strictObject({
  name: z.string().min(1),
  role,
  password_hash: parsed(parsePasswordHash, 'a password hash: scrypt:<N>:<r>:<p>:<salt>:<hash>'),
});

/** `auth.tokens` and `auth.users`. */
export const staticConfig = z.strictObject({
  tokens: z.array(token).default([]).superRefine(uniqueNames),
  users: z.array(user).default([]).superRefine(uniqueNames),
});

export type StaticConfig = z.infer<typeof staticConfig>;

/** What was written is not part of the message: somebody may have put the secret itself there. */
function parsed<Parsed>(parse: (text: string) => Parsed | undefined, expected: string) {
  return z.string().transform((text, context): Parsed => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `is not ${expected}` });
    return z.NEVER;
  });
}

function uniqueNames(entries: readonly { readonly name: string }[], context: z.RefinementCtx): void {
  entries.forEach(({ name }, i) => {
    if (entries.findIndex((other) => other.name === name) === i) return;
    context.addIssue({ code: 'custom', path: [i, 'name'], message: `${JSON.stringify(name)} is there twice` });
  });
}
