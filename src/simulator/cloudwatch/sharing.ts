/**
 * What equals `now`, with every part that is as it was before taken from `before`: of what stays, one copy is kept
 * however often it is looked at. Plain objects, arrays and maps; none of them may be changed later.
 */
export function sharing<T>(before: T | undefined, now: T): T {
  if (Object.is(before, now) || !isObject(before) || !isObject(now)) return now;
  const was = partsOf(before);
  const is = [...partsOf(now)].map(([key, part]) => [key, sharing(was.get(key), part)] as const);
  const isSame =
    before.constructor === now.constructor &&
    was.size === is.length &&
    is.every(([key, part]) => was.has(key) && Object.is(part, was.get(key)));
  if (isSame) return before;
  if (now instanceof Map) return new Map(is) as T;
  return (Array.isArray(now) ? is.map(([, part]) => part) : Object.fromEntries(is)) as T;
}

function partsOf(value: object): ReadonlyMap<unknown, unknown> {
  return value instanceof Map ? value : new Map<unknown, unknown>(Object.entries(value));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
