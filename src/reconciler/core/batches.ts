/** The items in order, in batches of at most `size`: what AWS takes in one call. */
export function batches<T>(items: readonly T[], size: number): T[][] {
  const answer: T[][] = [];
  for (let start = 0; start < items.length; start += size) answer.push(items.slice(start, start + size));
  return answer;
}
