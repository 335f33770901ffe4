/** A moment, in milliseconds since 1970 UTC, as texts and API objects show it: ISO 8601 with milliseconds, UTC. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
