import { describe, expect, it } from 'vitest';
import { asObject, asSchema, fieldKind, fieldsOf, titleOf, withField } from './json-schema.js';

describe('a form from a JSON schema', () => {
  it('has a field for each kind', () => {
    const kinds = [
      { type: 'string' }, { type: 'string', default: '{{ template "x" . }}' }, { type: 'string', writeOnly: true }, { type: 'boolean' }, { type: 'integer' }, { type: 'string', enum: ['a'] },
      { type: 'object', properties: { a: { type: 'string' } } }, { type: 'object' }, { type: 'array' }, {},
    ].map(fieldKind);
    expect(kinds).toEqual(['line', 'text', 'secret', 'switch', 'number', 'choice', 'group', 'json', 'json', 'json']);
  });

  it('begins with what is required', () => {
    expect(fieldsOf(asSchema({ properties: { a: {}, b: {} }, required: ['b'] })).map(({ name }) => name)).toEqual(['b', 'a']);
    expect(fieldsOf(asSchema(null))).toEqual([]);
    expect(titleOf('api_url')).toBe('Api URL');
  });

  it('leaves out what is empty', () => {
    expect(withField({ a: 1 }, 'b', 2)).toEqual({ a: 1, b: 2 });
    expect(withField({ a: 1, b: 2 }, 'b', undefined)).toEqual({ a: 1 });
    expect(asObject([1])).toEqual({});
  });
});
