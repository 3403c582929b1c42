import { expect, it } from 'vitest';
import { labelsOfText } from './labels-of-text.js';

it('labels are read as people write them', () => {
  expect(labelsOfText('job=api, severity="page \\"me\\"" {a="b"} noise')).toEqual({ job: 'api', severity: 'page "me"', a: 'b' });
  expect(labelsOfText('')).toEqual({});
});
