/**
 * Long work in pieces: each piece waits for its turn, and one has it in each round of the event loop. However many are at
 * work at the same time, whoever asks something short waits for one piece at most.
 */
export function eventLoopTurns(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const serve = () => {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(serve);
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(serve);
    });
}
