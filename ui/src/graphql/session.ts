import type { Ref } from 'vue';
import { readonly, ref } from 'vue';

const storageKey = 'metrics-dashboard.authorization';

const authorization = ref<string | undefined>(readKept());
const wanted = ref<'refused' | 'asked'>();
const listeners = new Set<() => void>();

/** Who the viewer said they are, and whether the server wants to know. */
export interface Session {
  /** Whether credentials were given, right or wrong. */
  readonly isSignedIn: () => boolean;
  /** Why credentials are wanted: the server refused somebody it does not know, or the viewer asked to sign in. */
  readonly wanted: Readonly<Ref<'refused' | 'asked' | undefined>>;
  /** Asks for credentials although nothing was refused. */
  readonly ask: () => void;
  /** Takes back `ask`. */
  readonly dismiss: () => void;
  readonly signIn: (header: string) => void;
  readonly signOut: () => void;
}

/** The session of this tab. It is kept by the browser until the tab is closed, and goes nowhere but into requests to this server. */
export function useSession(): Session {
  return {
    isSignedIn: () => authorization.value !== undefined,
    wanted: readonly(wanted),
    ask: () => void (wanted.value ??= 'asked'),
    dismiss: () => void (wanted.value = undefined),
    signIn: (header) => change(header),
    signOut: () => change(undefined),
  };
}

/** The `Authorization` header of requests; `undefined` without credentials. */
export function authorizationHeader(): string | undefined {
  return authorization.value;
}

/** Tells the page that the server refused somebody it does not know. */
export function reportUnauthenticated(): void {
  wanted.value = 'refused';
}

/** Calls back after each change of who is signed in. */
export function onSessionChange(listener: () => void): void {
  listeners.add(listener);
}

/** Credentials as a header: a bearer token, or a user with a password. */
export function bearerHeader(token: string): string {
  return `Bearer ${token.trim()}`;
}

/** `Basic`, in UTF-8, as RFC 7617 has it. */
export function basicHeader(user: string, password: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${user}:${password}`)))}`;
}

function change(header: string | undefined): void {
  authorization.value = header;
  wanted.value = undefined;
  try {
    if (header === undefined) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, header);
  } catch {
    // Storage may be forbidden; the session then lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

function readKept(): string | undefined {
  try {
    return sessionStorage.getItem(storageKey) ?? undefined;
  } catch {
    return undefined;
  }
}
