import { QueryError, formatDuration } from '@metrics-dashboard/sdk';
import type { QueryEngine } from '../query/engine.js';
import type { QueryRequest, QueryResult, QueryTime } from '../query/query.js';
import { Thinner } from './thinner.js';

/** The most steps of one part, as of any range query. */
const MOST_STEPS = 11_000;
/** The most steps of all parts together. */
export const MOST_FINE_STEPS = 44_000;
/** The most values that one part may have, and all together: past it, the grid is made coarser. */
const MOST_PART_CELLS = 1_000_000;
const MOST_CELLS = 16_000_000;

type Grid = Extract<QueryTime, { kind: 'range' }>;

/**
 * Answers a range query on a fine grid, of which `thin` steps become two points. The last bucket may reach past the range. A selector of
 * one metric is also asked for its `min_over_time` and `max_over_time`, which rollups hold: so nothing between two steps is lost either.
 */
export async function thinnedQuery(request: QueryRequest, queries: Pick<QueryEngine, 'query' | 'selectsOneMetric'>, signal: AbortSignal): Promise<QueryResult> {
  const { time, thin } = request;
  if (time.kind !== 'range' || thin === undefined || !Number.isInteger(thin) || thin < 2) throw new QueryError(`a range of steps is thinned, and by 2 at least; met ${thin ?? 'nothing'}`);
  const count = Math.floor((time.end - time.start) / time.step) + 1;
  if (count > MOST_FINE_STEPS) throw new QueryError(`a range of ${count} steps to be thinned, expected at most ${MOST_FINE_STEPS}`);
  const buckets = { start: time.start, length: time.step * thin, count: Math.ceil(count / thin) };
  const thinner = new Thinner(buckets);
  const { thin: _thin, ...plain } = request;
  const said = new Said();
  // What the last bucket holds says how much the others will.
  const last = await queries.query({ ...plain, time: { ...time, start: time.start + (buckets.count - 1) * buckets.length } }, signal);
  const grid = affordable(time, thin, count * last.series.length);
  for (const part of partsOf(grid, buckets.length, last.series.length)) {
    const answer = await queries.query({ ...plain, time: part }, signal);
    said.hear(answer);
    thinner.add(answer);
  }
  if (queries.selectsOneMetric(request.expression)) {
    // A window has its end in it, and not its start: a bucket has it the other way round.
    const first = buckets.start + buckets.length - 1;
    const ends: Grid = { kind: 'range', start: first, end: first + (buckets.count - 1) * buckets.length, step: buckets.length };
    for (const name of ['min_over_time', 'max_over_time']) {
      const { seriesLimit: _limit, ...unlimited } = plain;
      const answer = await queries.query({ ...unlimited, expression: `${name}(${request.expression}[${buckets.length}ms])`, time: ends }, signal);
      said.hear({ ...answer, infos: [] });
      thinner.widen(answer);
    }
  }
  return { ...last, ...thinner.finish(), ...said.all(`thinned: the least and the greatest value of each ${formatDuration(buckets.length)}`) };
}

/** The grid, or one so much coarser that the cells are not too many; buckets hold whole steps of it. */
function affordable(time: Grid, thin: number, cells: number): Grid {
  let every = Math.max(1, Math.ceil(cells / MOST_CELLS));
  while (thin % every !== 0) every++;
  return { ...time, step: time.step * Math.min(every, thin) };
}

function* partsOf(grid: Grid, length: number, series: number): Generator<Grid> {
  const perBucket = Math.round(length / grid.step);
  const steps = Math.min(MOST_STEPS, Math.ceil(MOST_PART_CELLS / Math.max(1, series)));
  const span = Math.max(1, Math.floor(steps / perBucket)) * length;
  for (let start = grid.start; start <= grid.end; start += span) {
    yield { ...grid, start, end: Math.min(grid.end, start + span - grid.step) };
  }
}

/** What the answers to the parts say, once. */
class Said {
  readonly #warnings = new Set<string>();
  readonly #infos = new Set<string>();
  readonly #stats = { seriesSelected: 0, samplesLoaded: 0, milliseconds: 0 };

  hear({ warnings, infos, stats }: QueryResult): void {
    for (const warning of warnings) this.#warnings.add(warning);
    for (const info of infos) this.#infos.add(info);
    this.#stats.seriesSelected = Math.max(this.#stats.seriesSelected, stats.seriesSelected);
    this.#stats.samplesLoaded += stats.samplesLoaded;
    this.#stats.milliseconds += stats.milliseconds;
  }

  all(more: string): Pick<QueryResult, 'warnings' | 'infos' | 'stats'> {
    return { warnings: [...this.#warnings], infos: [...this.#infos, more], stats: this.#stats };
  }
}
