/** Lists in the order of the source. */

/** Index of the first that begins at or behind an offset. */
export function firstFrom(sorted: readonly { readonly start: number }[], offset: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last that begins at or before an offset. */
export function lastUpTo<Each extends { readonly start: number }>(sorted: readonly Each[], offset: number): Each | undefined {
  return sorted[firstFrom(sorted, offset + 1) - 1];
}
