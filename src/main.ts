/** The process: arguments, environment and signals. What it runs is put together in daemon.ts. */
import { readFileSync } from "node:fs";
import { helpText, parseConfig } from "./config.ts";
import { clockFor, startDaemon } from "./daemon.ts";
import { SetupError, StoreError } from "./model/errors.ts";
import { afterRealMs } from "./runtime/after-real-ms.ts";
import { logDestination } from "./runtime/log-destination.ts";
import { pinoLog } from "./runtime/pino-log.ts";

/** What is still in hand then stays `pending` in the journal, and the next start reads what became of it. */
const LONGEST_STOP_MS = 9_000;

async function main(): Promise<void> {
  const config = parseConfig(process.argv.slice(2), process.env);
  if (config.help) {
    process.stdout.write(helpText());
    return;
  }
  const clock = clockFor(config);
  const destination = logDestination(process.stdout, clock);
  const log = pinoLog({ level: config.logLevel, clock, destination });
  // Nobody needs to read what it says.
  process.stderr.on("error", () => undefined);
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  // Before it starts: whoever reads that it is up may ask it to stop at once.
  const starting = startDaemon(config, clock, log, version, { lostLogLines: () => destination.lostLines });
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, "stopping: finishing the calls in hand");
    afterRealMs(LONGEST_STOP_MS, () => process.exit(0));
    // Why it could not start is said below.
    starting.then(
      (daemon) => daemon.stop().then(() => process.exit(0)),
      () => undefined,
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("SIGHUP", (signal) => {
    // A terminal that closes takes along what was started in it. A daemon is asked by it to read its files again.
    if (process.stdout.isTTY) return stop(signal);
    log.info({ signal }, "settings stay as they are; the token file is read again by itself");
    config.tokens?.reread();
  });
  await starting;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupError || error instanceof StoreError)) throw error;
  process.stderr.write(`holdfast: ${error.message}\n`);
  process.exitCode = 2;
}
