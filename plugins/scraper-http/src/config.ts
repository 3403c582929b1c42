import { z } from 'zod';

const tlsVersion = z.enum(['TLS12', 'TLS13']);

/** `tls_config`, with Prometheus' key names. Files are read again for each new connection, so a renewed certificate is taken up. */
export const tlsConfig = z.strictObject({
  ca: z.string().optional(),
  ca_file: z.string().optional(),
  cert: z.string().optional(),
  cert_file: z.string().optional(),
  key: z.string().optional(),
  key_file: z.string().optional(),
  server_name: z.string().optional(),
  insecure_skip_verify: z.boolean().default(false),
  min_version: tlsVersion.optional(),
  max_version: tlsVersion.optional(),
});

export type TlsConfig = z.infer<typeof tlsConfig>;

const basicAuth = z
  .strictObject({
    username: z.string().optional(),
    username_file: z.string().optional(),
    password: z.string().optional(),
    password_file: z.string().optional(),
  })
  .refine(({ username, username_file }) => username === undefined || username_file === undefined, {
    message: 'takes one of username and username_file',
  })
  .refine(({ password, password_file }) => password === undefined || password_file === undefined, {
    message: 'takes one of password and password_file',
  });

const authorization = z
  .strictObject({
    type: z.string().trim().min(1).default('Bearer'),
    credentials: z.string().optional(),
    credentials_file: z.string().optional(),
  })
  .refine(({ type }) => type.toLowerCase() !== 'basic', { message: 'has a section of its own for Basic: basic_auth' })
  .refine(({ credentials, credentials_file }) => (credentials === undefined) !== (credentials_file === undefined), {
    message: 'takes exactly one of credentials and credentials_file',
  });

/** The HTTP options of a job, with the names Prometheus has for them. */
export const httpConfig = z
  .strictObject({
    basic_auth: basicAuth.optional(),
    authorization: authorization.optional(),
    bearer_token: z.string().optional(),
    bearer_token_file: z.string().optional(),
    tls_config: tlsConfig.prefault({}),
    follow_redirects: z.boolean().default(true),
    enable_http2: z.boolean().default(false),
    enable_compression: z.boolean().default(true),
  })
  .refine((config) => waysToAuthenticate(config) <= 1, {
    message: 'takes at most one of basic_auth, authorization, bearer_token and bearer_token_file',
  });

export type HttpConfig = z.infer<typeof httpConfig>;

function waysToAuthenticate(config: Record<string, unknown>): number {
  const ways = ['basic_auth', 'authorization', 'bearer_token', 'bearer_token_file'];
  return ways.filter((way) => config[way] !== undefined).length;
}
