/** A B A B: two contenders in turn, so that what disturbs the machine disturbs both. */
import { median, relativeWidth } from "./statistics.ts";

/** Runs once, in a fresh process, and gives what it cost. */
export type Contender = () => Promise<number>;

export interface Comparison {
  /** Median cost of the baseline, in the contenders' own unit. */
  readonly baseline: number;
  readonly candidate: number;
  /** Candidate ÷ baseline, of the medians. */
  readonly ratio: number;
  /** Highest minus lowest ratio of single rounds. */
  readonly spread: number;
}

/** As long as the middle half of the rounds' ratios is wider than this, there are further rounds: the machine is not quiet. */
const WIDEST = 0.03;
const MOST = 2;

/**
 * Runs `rounds` rounds, up to twice as many where they disagree.
 *
 * @param told called before each run
 */
export async function compare(baseline: Contender, candidate: Contender, rounds: number, told: () => void = () => {}): Promise<Comparison> {
  const baselines: number[] = [];
  const candidates: number[] = [];
  const ratios: number[] = [];
  const most = rounds === 1 ? 1 : rounds * MOST;
  while (ratios.length < rounds || (ratios.length < most && relativeWidth(ratios) > WIDEST)) {
    told();
    const a = await baseline();
    told();
    const b = await candidate();
    baselines.push(a);
    candidates.push(b);
    ratios.push(b / a);
  }
  const a = median(baselines);
  const b = median(candidates);
  return { baseline: a, candidate: b, ratio: b / a, spread: Math.max(...ratios) - Math.min(...ratios) };
}
