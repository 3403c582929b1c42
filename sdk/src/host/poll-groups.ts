import type { TargetGroup } from '../contract/discovery.js';
import { messageOf } from '../errors.js';
import type { Duration } from '../model/sample.js';
import type { Host } from './host.js';

/** Where a discovery looks: some parts, files or names or addresses, each of which is read on its own. */
export interface PolledGroups {
  readonly every: Duration;
  /** The parts there are now, by name. */
  parts(signal: AbortSignal): Promise<readonly string[]>;
  /** What one of them says. Rejects when it can't be read; then what it said before stays. */
  read(part: string, signal: AbortSignal): Promise<readonly TargetGroup[]>;
  /** Resolves when it is worth looking before the time, one change after the other; also when the signal aborts. */
  readonly changed?: (signal: AbortSignal) => Promise<void>;
}

/**
 * Looks again and again, and yields the whole set when it is another one than before: what `TargetDiscovery.watch` owes.
 * Nothing is yielded before something could be read. A part that can't be read is logged, once for each reason.
 */
export async function* pollGroups(
  source: PolledGroups,
  { clock, log }: Pick<Host, 'clock' | 'log'>,
  signal: AbortSignal,
): AsyncGenerator<readonly TargetGroup[]> {
  let known = new Map<string, readonly TargetGroup[]>();
  let complaints = new Map<string, string>();
  let last: string | undefined;
  while (!signal.aborted) {
    const round = await readAll(source, known, signal);
    if (signal.aborted) return;
    for (const [part, error] of round.errors) {
      if (complaints.get(part) !== error) log.warn('targets can not be read, the last ones are kept', { source: part, error });
    }
    for (const part of complaints.keys()) {
      if (!round.errors.has(part)) log.info('targets can be read again', { source: part });
    }
    known = round.groups;
    complaints = round.errors;
    const groups = [...known.values()].flat();
    const text = JSON.stringify(groups);
    const hasSomething = round.errors.size === 0 || known.size > 0;
    if (hasSomething && text !== last) {
      last = text;
      yield groups;
    }
    await pause(source, clock, signal);
  }
}

interface Round {
  readonly groups: Map<string, readonly TargetGroup[]>;
  readonly errors: Map<string, string>;
}

async function readAll(source: PolledGroups, before: Round['groups'], signal: AbortSignal): Promise<Round> {
  const errors: Round['errors'] = new Map();
  const parts = await source.parts(signal).catch((error: unknown) => {
    errors.set('', messageOf(error));
    return [...before.keys()];
  });
  const outcomes = await Promise.allSettled(parts.map((part) => source.read(part, signal)));
  const groups: Round['groups'] = new Map();
  for (const [i, part] of parts.entries()) {
    const outcome = outcomes[i];
    if (outcome?.status === 'rejected') errors.set(part, messageOf(outcome.reason));
    const read = outcome?.status === 'fulfilled' ? outcome.value : before.get(part);
    if (read !== undefined) groups.set(part, read);
  }
  return { groups, errors };
}

async function pause({ every, changed }: PolledGroups, clock: Host['clock'], signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  try {
    await Promise.race([clock.sleep(every, either), ...(changed === undefined ? [] : [changed(either)])]);
  } finally {
    over.abort();
  }
}
