const [MINUTE, HOUR, DAY, YEAR] = [60, 3_600, 86_400, 31_536_000] as const;

/**
 * A length of time as Kubernetes's clients print it: two units at most, and one where the second says little.
 * @param ms less than nothing is said to be none: clocks of one world do not disagree
 */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const of = (unit: number, within = Number.POSITIVE_INFINITY) => Math.floor((seconds % within) / unit);
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  if (seconds < 10 * MINUTE) return two(of(MINUTE), "m", of(1, MINUTE), "s");
  if (seconds < 3 * HOUR) return `${of(MINUTE)}m`;
  if (seconds < 8 * HOUR) return two(of(HOUR), "h", of(MINUTE, HOUR), "m");
  if (seconds < 2 * DAY) return `${of(HOUR)}h`;
  if (seconds < 8 * DAY) return two(of(DAY), "d", of(HOUR, DAY), "h");
  if (seconds < 2 * YEAR) return `${of(DAY)}d`;
  if (seconds < 8 * YEAR) return two(of(YEAR), "y", of(DAY, YEAR), "d");
  return `${of(YEAR)}y`;
}

function two(more: number, moreUnit: string, less: number, lessUnit: string): string {
  return less === 0 ? `${more}${moreUnit}` : `${more}${moreUnit}${less}${lessUnit}`;
}
