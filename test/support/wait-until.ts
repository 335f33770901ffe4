/** Waits for another process: looks again and again, in real time. @throws with what `look` last answered */
export async function waitUntil<T>(
  look: () => Promise<T | undefined>,
  limitMs: number,
  what: () => string = () => "",
): Promise<T> {
  const untilMs = performance.now() + limitMs;
  while (performance.now() < untilMs) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error(`not so within ${limitMs} ms: ${what()}`);
}

const LOOK_EVERY_MS = 100;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
