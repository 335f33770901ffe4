/** What the demonstration writes: headings, facts, and one line that moves while something takes time. */

const isTerminal = process.stdout.isTTY === true;
const FRAME_MS = 100;

export function heading(text: string): void {
  process.stdout.write(`\n${bold(text)}\n`);
}

export function say(text: string): void {
  process.stdout.write(`  ${text}\n`);
}

export function bold(text: string): string {
  return isTerminal ? `\u001b[1m${text}\u001b[0m` : text;
}

export function dim(text: string): string {
  return isTerminal ? `\u001b[2m${text}\u001b[0m` : text;
}

/**
 * Asks again and again until the answer is there, with a line that shows what is going on meanwhile.
 * @throws when `limitMs` of real time pass first
 */
export async function waitFor<T>(
  ask: () => Promise<T | undefined>,
  progress: () => string,
  limitMs: number,
): Promise<T> {
  const untilMs = performance.now() + limitMs;
  let shown = "";
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      clear(shown);
      return answer;
    }
    if (performance.now() > untilMs) {
      clear(shown);
      throw new Error(`nothing came of it within ${Math.round(limitMs / 1000)} s: ${progress()}`);
    }
    shown = show(progress(), shown);
    await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
  }
}

function show(text: string, shown: string): string {
  if (text === shown) return shown;
  if (isTerminal) process.stdout.write(`\r\u001b[2K  … ${text}`);
  else process.stdout.write(`  … ${text}\n`);
  return text;
}

function clear(shown: string): void {
  if (isTerminal && shown !== "") process.stdout.write("\r\u001b[2K");
}
