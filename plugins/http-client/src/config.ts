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

const httpUrl = z
  .string()
  .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), { message: 'is not an http or https address' });

/** `Name: value`, or a list of values. */
const connectHeader = z.record(z.string().min(1), z.union([z.string(), z.array(z.string())]));

const proxyShape = {
  /** `http` or `https`, with `user:password@` where the proxy asks for it. */
  proxy_url: httpUrl.optional(),
  /** Hosts that are asked directly: names with their subdomains, addresses, address ranges, `*`. */
  no_proxy: z.string().default(''),
  proxy_from_environment: z.boolean().default(false),
  proxy_connect_header: connectHeader.default({}),
};

export type ProxyConfig = z.infer<z.ZodObject<typeof proxyShape>>;

/** `oauth2`: the client credentials grant. */
const oauth2 = z
  .strictObject({
    client_id: z.string().min(1),
    client_secret: z.string().optional(),
    client_secret_file: z.string().optional(),
    token_url: httpUrl,
    scopes: z.array(z.string()).default([]),
    endpoint_params: z.record(z.string(), z.string()).default({}),
    grant_type: z.literal('client_credentials').optional(),
    tls_config: tlsConfig.prefault({}),
    ...proxyShape,
  })
  .refine(({ client_secret: secret, client_secret_file: file }) => (secret === undefined) !== (file === undefined), {
    message: 'takes exactly one of client_secret and client_secret_file',
  });

export type OAuth2Config = z.infer<typeof oauth2>;

/** The value of one of `http_headers`; several of a name are sent one after another. */
const headerValues = z.strictObject({
  values: z.array(z.string()).default([]),
  secrets: z.array(z.string()).default([]),
  files: z.array(z.string()).default([]),
});

/** Headers that the client itself writes. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'authorization', 'host', 'content-encoding', 'content-length', 'content-type', 'user-agent', 'connection', 'keep-alive',
  'proxy-authenticate', 'proxy-authorization', 'www-authenticate', 'accept-encoding', 'x-prometheus-scrape-timeout-seconds',
]);

const httpHeaders = z
  .record(z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'is not the name of a header'), headerValues)
  .refine((headers) => !Object.keys(headers).some((name) => RESERVED_HEADERS.has(name.toLowerCase())), {
    message: 'names a header that has options of its own, or is written by the client',
  });

const SHAPE = {
  basic_auth: basicAuth.optional(),
  authorization: authorization.optional(),
  bearer_token: z.string().optional(),
  bearer_token_file: z.string().optional(),
  oauth2: oauth2.optional(),
  tls_config: tlsConfig.prefault({}),
  follow_redirects: z.boolean().default(true),
  enable_http2: z.boolean().default(false),
  enable_compression: z.boolean().default(true),
  http_headers: httpHeaders.default({}),
  ...proxyShape,
};

type WithHttpOptions<Own extends z.core.$ZodLooseShape> = z.ZodObject<typeof SHAPE & Own, z.core.$strict>;

/** The options with the names Prometheus has for them, beside a plugin's own keys. Any other key is an error. */
export function withHttpOptions<Own extends z.core.$ZodLooseShape>(own: Own): WithHttpOptions<Own> {
  return z
    .strictObject<typeof SHAPE & Own>({ ...SHAPE, ...own })
    .refine((config) => waysToAuthenticate(config) <= 1, {
      message: 'takes at most one of basic_auth, authorization, oauth2, bearer_token and bearer_token_file',
    })
    .refine((config) => !(has(config, 'proxy_url') && flagOf(config, 'proxy_from_environment')), {
      message: 'takes at most one of proxy_url and proxy_from_environment',
    });
}

/** The options alone. */
export const httpConfig = withHttpOptions({});

export type HttpConfig = z.infer<typeof httpConfig>;

function waysToAuthenticate(config: object): number {
  const ways = ['basic_auth', 'authorization', 'oauth2', 'bearer_token', 'bearer_token_file'];
  return ways.filter((way) => has(config, way)).length;
}

function has(config: object, key: string): boolean {
  return Reflect.get(config, key) !== undefined;
}

function flagOf(config: object, key: string): boolean {
  return Reflect.get(config, key) === true;
}
