import type { Duration } from '@metrics-dashboard/sdk';

/** What the model knows of an alert. */
interface ModelAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly start: Duration;
  readonly end: Duration;
}

/** A place that alerts go to, in the model's words: what a route says. */
export interface ModelRoute {
  readonly receiver: string;
  readonly takes: (labels: Readonly<Record<string, string>>) => boolean;
  /** undefined: by all labels. */
  readonly groupBy: readonly string[] | undefined;
  readonly wait: Duration;
  readonly interval: Duration;
  readonly repeat: Duration;
  readonly sendsResolved: boolean;
  readonly isMuted: (at: Duration) => boolean;
}

interface ModelGroup {
  readonly route: ModelRoute;
  readonly id: string;
  readonly members: Set<string>;
  next: Duration;
  hasFlushed: boolean;
}

/** Where an alert that fires mutes others, and where it is muted: the same place, or undefined for nowhere. */
export interface ModelInhibition {
  readonly mutes: (labels: Readonly<Record<string, string>>) => string | undefined;
  readonly isMuted: (labels: Readonly<Record<string, string>>) => string | undefined;
}

export interface ModelSilence {
  readonly matches: (labels: Readonly<Record<string, string>>) => boolean;
  readonly from: Duration;
  to: Duration;
}

/**
 * Alerting as one would tell it to somebody, group by group and with a walk over everything for every question:
 * what the real thing is compared with. Times are since the start.
 */
export class AlertingModel {
  readonly told: string[] = [];
  readonly silences: ModelSilence[] = [];
  /** Whether a receiver takes messages at a time. */
  takes: (receiver: string, at: Duration) => boolean = () => true;
  readonly #routes: readonly ModelRoute[];
  readonly #inhibition: ModelInhibition;
  readonly #sources = new Map<string, Set<string>>();
  readonly #alerts = new Map<string, ModelAlert>();
  #groups = new Map<string, ModelGroup>();
  readonly #last = new Map<string, { at: Duration; firing: Set<string>; resolved: Set<string> }>();

  constructor(routes: readonly ModelRoute[], inhibition: ModelInhibition) {
    this.#routes = routes;
    this.#inhibition = inhibition;
  }

  /** When some group is looked at next. */
  get next(): Duration {
    let next = Infinity;
    for (const group of this.#groups.values()) next = Math.min(next, group.next);
    return next;
  }

  isFiring(labels: Readonly<Record<string, string>>, now: Duration): boolean {
    return (this.#alerts.get(keyOf(labels))?.end ?? 0) > now;
  }

  fire(labels: Readonly<Record<string, string>>, now: Duration): void {
    const key = keyOf(labels);
    const known = this.#alerts.get(key);
    const goesOn = known !== undefined && known.end > now;
    this.#hear(key, { labels, start: goesOn ? known.start : now, end: Infinity }, now);
  }

  resolve(labels: Readonly<Record<string, string>>, now: Duration): void {
    const key = keyOf(labels);
    const known = this.#alerts.get(key);
    if (known !== undefined) this.#hear(key, { ...known, end: now }, now);
  }

  /** Groups begin anew. */
  reload(now: Duration): void {
    const before = [...this.#groups.values()];
    this.#groups = new Map();
    const had = new Map(before.map(({ id, members }) => [id, members]));
    const held = new Set(before.flatMap(({ members }) => [...members]));
    for (const [key, alert] of this.#alerts) if (held.has(key)) this.#join(key, alert, now, had);
  }

  /** Looks at every group that is due. */
  lookAt(now: Duration): void {
    for (const group of [...this.#groups.values()]) if (group.next <= now) this.#look(group, now);
  }

  #hear(key: string, alert: ModelAlert, now: Duration): void {
    this.#alerts.set(key, alert);
    const place = this.#inhibition.mutes(alert.labels);
    if (place !== undefined) this.#sources.set(place, (this.#sources.get(place) ?? new Set()).add(key));
    this.#join(key, alert, now);
  }

  #join(key: string, alert: ModelAlert, now: Duration, had: ReadonlyMap<string, ReadonlySet<string>> = new Map()): void {
    for (const route of this.#routes.filter(({ takes }) => takes(alert.labels))) {
      const id = `${route.receiver} ${keyOf(route.groupBy === undefined ? alert.labels : Object.fromEntries(Object.entries(alert.labels).filter(([name]) => route.groupBy?.includes(name))))}`;
      const group = this.#groups.get(id);
      const isHeld = group?.members.has(key) === true || had.get(id)?.has(key) === true;
      if (alert.end <= now && !isHeld && this.#last.get(id)?.firing.has(key) !== true) continue;
      const joined = group ?? { route, id, members: new Set<string>(), next: now + route.wait, hasFlushed: false };
      this.#groups.set(id, joined);
      joined.members.add(key);
      if (!joined.hasFlushed && alert.start + route.wait < now) joined.next = Math.min(joined.next, now);
    }
  }

  #look(group: ModelGroup, now: Duration): void {
    const { route, id, members } = group;
    group.hasFlushed = true;
    group.next = now + route.interval;
    const known = [...members].map((key) => [key, this.#alerts.get(key)] as const).flatMap(([key, alert]) => (alert === undefined ? [] : [[key, alert] as const]));
    const seen = route.isMuted(now) ? [] : known.filter(([, { labels }]) => !this.#isHeld(labels, now));
    const firing = seen.filter(([, { end }]) => end > now).map(([key]) => key);
    const resolved = seen.filter(([, { end }]) => end <= now).map(([key]) => key);
    if (this.#tell(route, id, firing, resolved, now)) for (const [key, { end }] of known) if (end <= now) members.delete(key);
    if (members.size > 0) return;
    this.#groups.delete(id);
    if (this.#last.get(id)?.firing.size === 0) this.#last.delete(id);
  }

  /** False when it was to be told and was not taken. */
  #tell(route: ModelRoute, id: string, firing: readonly string[], resolved: readonly string[], now: Duration): boolean {
    const reason = this.#reason(route, id, firing, resolved, now);
    if (reason === undefined) return true;
    const shown = [...firing.map((key) => `${key}:firing`), ...(route.sendsResolved ? resolved.map((key) => `${key}:resolved`) : [])].sort();
    const isSilent = !route.sendsResolved && firing.length === 0;
    if (!isSilent && !this.takes(route.receiver, now)) return false;
    this.#last.set(id, { at: now, firing: new Set(firing), resolved: new Set(resolved) });
    if (!isSilent) this.told.push(`${now / 1000} ${route.receiver} ${reason} ${shown.join(' ')}`);
    return true;
  }

  #reason(route: ModelRoute, id: string, firing: readonly string[], resolved: readonly string[], now: Duration): string | undefined {
    const last = this.#last.get(id);
    const knew = last !== undefined && last.firing.size > 0;
    if (!knew) return firing.length > 0 ? 'first' : undefined;
    if (firing.length === 0) return resolved.length > 0 ? 'all-resolved' : undefined;
    if (firing.some((key) => !last.firing.has(key))) return 'new-alerts';
    if (route.sendsResolved && resolved.some((key) => !last.resolved.has(key))) return 'some-resolved';
    return now - last.at >= route.repeat ? 'repeat' : undefined;
  }

  #isHeld(labels: Readonly<Record<string, string>>, now: Duration): boolean {
    if (this.silences.some((silence) => silence.from <= now && now < silence.to && silence.matches(labels))) return true;
    for (const key of this.#sources.get(this.#inhibition.isMuted(labels) ?? '') ?? []) if ((this.#alerts.get(key)?.end ?? 0) > now) return true;
    return false;
  }
}

/** The values of the labels, in the order of their names. */
export function keyOf(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .sort()
    .map((name) => labels[name])
    .join('/');
}
