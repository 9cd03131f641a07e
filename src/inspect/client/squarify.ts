/** Squarified treemap (Bruls, Huizing, van Wijk 2000): areas in proportion, sides as equal as they can be. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** @param sizes the largest first, all above 0 */
export function squarify(sizes: readonly number[], { left, top, width, height }: Box): readonly Box[] {
  const scale = (width * height) / sizes.reduce((sum, size) => sum + size, 0);
  const boxes: Box[] = [];
  let free = { left, top, width, height };
  for (let from = 0; from < sizes.length; ) {
    const side = Math.min(free.width, free.height);
    let to = from + 1;
    let area = (sizes[from] ?? 0) * scale;
    while (to < sizes.length) {
      const next = (sizes[to] ?? 0) * scale;
      if (worst(sizes, from, to + 1, scale, area + next, side) > worst(sizes, from, to, scale, area, side)) break;
      area += next;
      to++;
    }
    free = layRow(sizes.slice(from, to).map((size) => size * scale), area, free, boxes);
    from = to;
  }
  return boxes;
}

/** The most oblong box of a row, as the ratio of its sides. */
function worst(sizes: readonly number[], from: number, to: number, scale: number, area: number, side: number): number {
  const largest = (sizes[from] ?? 0) * scale;
  const smallest = (sizes[to - 1] ?? 0) * scale;
  return Math.max((side * side * largest) / (area * area), (area * area) / (side * side * smallest));
}

/** Along the shorter side; gives what is left. */
function layRow(areas: readonly number[], area: number, free: Box, boxes: Box[]): Box {
  const across = free.width < free.height;
  const depth = area / (across ? free.width : free.height);
  let at = across ? free.left : free.top;
  for (const each of areas) {
    const length = each / depth;
    boxes.push(across ? { left: at, top: free.top, width: length, height: depth } : { left: free.left, top: at, width: depth, height: length });
    at += length;
  }
  return across
    ? { ...free, top: free.top + depth, height: Math.max(0, free.height - depth) }
    : { ...free, left: free.left + depth, width: Math.max(0, free.width - depth) };
}
