import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendText } from './plain-answer.js';
import { sendError } from './prometheus-answer.js';

/**
 * The UI loads nothing from anywhere else, runs no text as code, and stands in nobody's frame. Components bring their
 * styles with them, hence the one exception.
 */
const SECURITY = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Every answer is read as what it says it is, and by nobody else's page. */
export function addSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(SECURITY);
    done();
  });
}

/**
 * The files of the UI, in `folder`; undefined: it is not built. An address that names no file is a place inside the UI
 * when a browser goes there, and 404, or 405 under another method, for everybody else.
 */
export async function addUi(fastify: FastifyInstance, folder: string | undefined, methodsOf: (path: string) => readonly string[]): Promise<void> {
  const root = folder !== undefined && existsSync(folder) ? folder : undefined;
  if (root !== undefined) {
    await fastify.register(fastifyStatic, { root, cacheControl: false, preCompressed: true, index: ['index.html'], setHeaders });
  }
  fastify.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(request.url.split('?')[0] ?? '');
    if (methods.length > 0) return notAllowed(request, reply, methods);
    if (!isNavigation(request)) return notFound(request, reply);
    if (root === undefined) return sendText(reply, 503, 'The user interface is not built: run npm run build.');
    return reply.sendFile('index.html');
  });
}

/** Names with a hash never change; all others are asked for each time. */
function setHeaders(reply: { setHeader(name: string, value: string): unknown }, path: string): void {
  const isHashed = path.includes(`${sep}assets${sep}`);
  reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

function isNavigation({ method, url, headers }: FastifyRequest): boolean {
  const isPlace = !/^\/(api|graphql|metrics|-|assets)(\/|\?|$)/.test(url);
  return isPlace && (method === 'GET' || method === 'HEAD') && (headers.accept?.includes('text/html') ?? false);
}

function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = Object.assign(new Error(`there is nothing at ${request.url.split('?')[0]}`), { statusCode: 404 });
  return request.url.startsWith('/api/') ? sendError(reply, error) : sendText(reply, 404, error.message);
}

function notAllowed(request: FastifyRequest, reply: FastifyReply, methods: readonly string[]): FastifyReply {
  void reply.header('allow', methods.join(', '));
  const error = Object.assign(new Error(`${request.method} is not for this place, expected ${methods.join(' or ')}`), { statusCode: 405 });
  return request.url.startsWith('/api/') ? sendError(reply, error) : sendText(reply, 405, error.message);
}
