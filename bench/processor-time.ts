/** What do the options of `npm start` cost? The same passes under them and under Node's own, in turns. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { bundle } from "../scripts/bundle.ts";
import { type StartCommand, startCommand } from "../test/support/start-command.ts";
import { type Measurement, median } from "./report.ts";

const TURNS = 9;
const PASSES = 40;
/** As one file, like the daemon that `npm start` runs. */
const SCRIPT = "build/passing.js";

export async function measureProcessorTime(): Promise<Measurement[]> {
  await bundle("bench/passing.ts", SCRIPT);
  const started = await passing(startCommand());
  const plain = await passing({ options: [], environment: {} });
  const turns: { startedMs: number; plainMs: number }[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const startedMs = await ask(started);
    turns.push({ startedMs, plainMs: await ask(plain) });
  }
  for (const child of [started, plain]) {
    child.disconnect();
    await once(child, "exit");
  }
  const startedMs = median(turns.map((turn) => turn.startedMs));
  const plainMs = median(turns.map((turn) => turn.plainMs));
  return [
    {
      question: "Processor time of a pass under npm start, of the same under Node's own options",
      figure: median(turns.map((turn) => turn.startedMs / turn.plainMs)),
      unit: "×",
      goal: { atMost: 1.1 },
      how: `${startedMs.toFixed(1)} ms against ${plainMs.toFixed(1)} ms, all threads, daemon and simulated account; two processes, ${TURNS} turns of ${PASSES} passes each, median`,
    },
  ];
}

async function passing({ options, environment }: Pick<StartCommand, "options" | "environment">) {
  const child = fork(SCRIPT, { execArgv: [...options], env: { ...process.env, ...environment } });
  await answerOf(child);
  return child;
}

/** @returns milliseconds of processor time for one pass */
async function ask(child: ChildProcess): Promise<number> {
  child.send(PASSES);
  return (await answerOf(child)) as number;
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: string | null) =>
      reject(new Error(`the measured process ended with ${code ?? signal}`));
    child.once("exit", ended);
    child.once("message", (answer) => {
      child.off("exit", ended);
      resolve(answer);
    });
  });
}
