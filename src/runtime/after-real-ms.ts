/** Runs `run` once, so many milliseconds of real time from now, unless the process has ended by then. */
export function afterRealMs(realMs: number, run: () => void): void {
  setTimeout(run, realMs).unref();
}
