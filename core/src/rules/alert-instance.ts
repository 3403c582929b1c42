import { createHash } from 'node:crypto';
import { Labels } from '@metrics-dashboard/sdk';
import type { Label, Timestamp } from '@metrics-dashboard/sdk';
import type { AlertLife } from './alert-life.js';

/** One label set under one alerting rule. */
export interface AlertInstance {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  /** Those that its rule named when it was evaluated last: they hear of its end, should the rule be gone by then. */
  readonly receivers: readonly string[];
  readonly life: AlertLife;
}

/** What is made of an instance's labels once, for an instance keeps the object that it was met with first. */
interface OfLabels {
  readonly fingerprint: string;
  readonly pending: readonly Label[];
  readonly firing: readonly Label[];
  readonly forState: readonly Label[];
}

const ofLabels = new WeakMap<Labels, OfLabels>();

function madeOf(labels: Labels): OfLabels {
  const known = ofLabels.get(labels);
  if (known !== undefined) return known;
  const made = {
    fingerprint: createHash('sha256').update(labels.key).digest('hex').slice(0, 16),
    pending: [...labels.with({ __name__: 'ALERTS', alertstate: 'pending' })],
    firing: [...labels.with({ __name__: 'ALERTS', alertstate: 'firing' })],
    forState: [...labels.with({ __name__: 'ALERTS_FOR_STATE' })],
  };
  ofLabels.set(labels, made);
  return made;
}

/** The short name of an alert instance: 16 hexadecimal digits, equal for equal labels. */
export function fingerprintOf(labels: Labels): string {
  return madeOf(labels).fingerprint;
}

const NUMBERS: Readonly<Record<string, number>> = { NaN: NaN, '+Inf': Infinity, '-Inf': -Infinity };

/** As the state database keeps it. */
export function instanceToJson({ labels, annotations, receivers, life }: AlertInstance): string {
  const value = Number.isFinite(life.value) ? life.value : Number.isNaN(life.value) ? 'NaN' : life.value > 0 ? '+Inf' : '-Inf';
  return JSON.stringify({ labels: labels.toObject(), annotations, receivers: receivers.length === 0 ? undefined : receivers, life: { ...life, value } });
}

/** What `instanceToJson` wrote. */
export function instanceFromJson(text: string): AlertInstance {
  // Written by this function's twin alone.
  const { labels, annotations, receivers, life } = JSON.parse(text) as { labels: Record<string, string>; annotations: Record<string, string>; receivers?: string[]; life: AlertLife & { value: number | string } };
  const value = typeof life.value === 'string' ? (NUMBERS[life.value] ?? NaN) : life.value;
  return { labels: Labels.of(labels), annotations, receivers: receivers ?? [], life: { ...EMPTY_TIMES, ...life, value } };
}

/** JSON leaves out what is undefined. */
const EMPTY_TIMES = {
  firedAt: undefined,
  resolvedAt: undefined,
  keepFiringSince: undefined,
  missingSince: undefined,
  flappingSince: undefined,
  startsAt: undefined,
  endsAt: undefined,
};

/** The series that are written about an instance at each evaluation; the same objects for the same object of labels. */
export function seriesAbout({ labels, life }: AlertInstance): readonly (readonly [labels: readonly Label[], value: number])[] {
  if (life.state !== 'pending' && life.state !== 'firing') return [];
  const made = madeOf(labels);
  return [
    [made[life.state], 1],
    [made.forState, life.activeAt / 1000],
  ];
}

/** A change of state, for the history and for who watches. */
export interface AlertEvent {
  readonly at: Timestamp;
  readonly groupId: string;
  readonly ruleId: string;
  readonly alertname: string;
  readonly fingerprint: string;
  readonly state: 'pending' | 'firing' | 'resolved' | 'inactive' | 'flapping' | 'settled';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What changed from one evaluation to the next. */
export function changesBetween(before: AlertLife | undefined, after: AlertLife | undefined): readonly AlertEvent['state'][] {
  const changes: AlertEvent['state'][] = [];
  const [from, to] = [before?.state ?? 'inactive', after?.state ?? 'inactive'];
  // One that is forgotten after it resolved has not changed.
  if (from !== to && !(from === 'resolved' && to === 'inactive')) {
    if (to === 'firing' && from !== 'pending') changes.push('pending');
    // What fires and is no more, as its rule is, has come to an end.
    changes.push(from === 'firing' && to === 'inactive' ? 'resolved' : to);
  }
  const [wasFlapping, flaps] = [before?.flappingSince !== undefined, after?.flappingSince !== undefined];
  if (wasFlapping !== flaps) changes.push(flaps ? 'flapping' : 'settled');
  return changes;
}
