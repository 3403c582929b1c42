import { ApolloError } from '@apollo/client/core';
import { describe, expect, it } from 'vitest';
import { decodeFloat } from './float-column.js';
import { mayPass, problem, problemOf } from './problem.js';

describe('a problem', () => {
  it('has the place that the server gave', () => {
    const error = new ApolloError({ graphQLErrors: [{ message: 'unexpected ")"', extensions: { code: 'PARSE', line: 2, column: 7 } }] });
    expect(problemOf(error)).toMatchObject({ message: 'unexpected ")"', code: 'PARSE', line: 2, column: 7 });
  });

  it('has the place that is written in front of its message', () => {
    expect(problem('1:5: unexpected identifier', 'PARSE', {})).toMatchObject({ message: 'unexpected identifier', line: 1, column: 5 });
  });

  it('is not placed by numbers of a limit', () => {
    expect(problem('limit 10:20 met', 'LIMIT_EXCEEDED', {}).line).toBeUndefined();
  });

  it('says that the server is away', () => {
    const away = problemOf(new ApolloError({ networkError: new TypeError('Failed to fetch') }));
    expect(away).toMatchObject({ code: 'UNREACHABLE' });
    expect([mayPass(away), mayPass(problem('too many', 'LIMIT_EXCEEDED', {}))]).toEqual([true, false]);
  });

  it('is read from an answer that is no success', () => {
    const refused = Object.assign(new Error('401'), { statusCode: 401, result: { errors: [{ message: 'no token', extensions: { code: 'UNAUTHENTICATED' } }] } });
    expect(problemOf(new ApolloError({ networkError: refused }))).toMatchObject({ message: 'no token', code: 'UNAUTHENTICATED' });
  });
});

describe('a column of floats', () => {
  it('tells numbers, what JSON lacks, and missing samples apart', () => {
    expect([1.5, 'NaN', '+Inf', '-Inf', null, undefined].map(decodeFloat)).toEqual([1.5, NaN, Infinity, -Infinity, undefined, undefined]);
  });
});
