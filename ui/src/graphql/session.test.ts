import { beforeEach, describe, expect, it } from 'vitest';
import { authorizationHeader, basicHeader, bearerHeader, onSessionChange, reportUnauthenticated, useSession } from './session.js';

const session = useSession();
beforeEach(() => session.signOut());

describe('a session', () => {
  it('is kept by the tab until the viewer signs out, and tells of each change', () => {
    let changes = 0;
    onSessionChange(() => (changes += 1));
    session.signIn(bearerHeader(' abc '));
    expect([authorizationHeader(), session.isSignedIn(), Object.values({ ...sessionStorage })]).toEqual(['Bearer abc', true, ['Bearer abc']]);
    session.signOut();
    expect([authorizationHeader(), session.isSignedIn(), sessionStorage.length, changes]).toEqual([undefined, false, 0, 2]);
  });

  it('is wanted when the server refuses, or when the viewer asks, until it begins', () => {
    session.ask();
    expect(session.wanted.value).toBe('asked');
    session.dismiss();
    reportUnauthenticated();
    session.ask();
    expect(session.wanted.value).toBe('refused');
    session.signIn(bearerHeader('abc'));
    expect(session.wanted.value).toBeUndefined();
  });

  it('takes names and passwords in any script', () => {
    const encoded = basicHeader('ada', 'pässword✓').slice('Basic '.length);
    expect(new TextDecoder().decode(Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0)))).toBe('ada:pässword✓');
  });
});
