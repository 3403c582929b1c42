import { expect, it } from 'vitest';
import { groupingOf } from './grouping-path.js';

it.each([
  ['/metrics/job/backup', { job: 'backup' }],
  ['/metrics/job/backup?x=1', { job: 'backup' }],
  ['/metrics/job/a%20b/instance/c%2Fd', { job: 'a b', instance: 'c/d' }],
  ['/metrics/job@base64/ZGlyL2pvYg/path@base64/L3Zhci90bXA=', { job: 'dir/job', path: '/var/tmp' }],
  ['/metrics/job/titan/name@base64/zqDPgc6_zrzOt864zrXPjc-C', { job: 'titan', name: 'Προμηθεύς' }],
  ['/metrics/job/a/instance@base64/=/zone/eu', { job: 'a', zone: 'eu' }],
  ['/metrics/job/a/instance/', { job: 'a' }],
])('%s is the group %j', (url, labels) => {
  expect(groupingOf(url).toObject()).toEqual(labels);
});

it.each([
  ['/metrics/job/', 'the path has no job'],
  ['/metrics/job@base64/=', 'the path has no job'],
  ['/metrics/job/a/', 'the path has a label without a value: ""'],
  ['/metrics/job/a/instance', 'the path has a label without a value: "instance"'],
  ['/metrics/job/a/job/b', 'label "job" stands twice in the path'],
  ['/metrics/job/a/1x/b', '"1x" in the path can not be the name of a label'],
  ['/metrics/job/a/__x/b', '"__x" in the path can not be the name of a label'],
  ['/metrics/job/%ff', '"%ff" in the path is not UTF-8, percent-encoded'],
  ['/metrics/job@base64/a*b', '"a*b" in the path is not base64url'],
  ['/metrics/job@base64/_w', 'a value in the path is not UTF-8'],
])('%s is none: %s', (url, message) => {
  expect(() => groupingOf(url)).toThrow(message);
});
