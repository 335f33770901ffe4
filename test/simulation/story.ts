/** A history told to people: when, who, what; with what the oracle holds against it. */
import type { Verdict } from "./run-history.ts";

const HOLLOW = /^(status|event|call|answer|step|sabotage|neighbour|fault|crash|the|silence|OBJECTION)/;

/** One line for each thing that happened. */
export function storyOf(verdict: Verdict): string[] {
  return verdict.trace.map((line) => {
    const seconds = Number(line.slice(0, 10));
    return `${clockOf(seconds)}  ${told(line.slice(11))}`;
  });
}

function clockOf(seconds: number): string {
  const part = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${part(seconds / 3600)}:${part((seconds / 60) % 60)}:${part(seconds % 60)}`;
}

function told(text: string): string {
  const [kind = ""] = HOLLOW.exec(text) ?? [];
  const rest = text.slice(kind.length + 1);
  switch (kind) {
    case "step":
      return `* ${stepTold(rest)}`;
    case "call":
      return `    the daemon calls ${rest}`;
    case "answer":
      return `    … and is answered: ${rest}`;
    case "event":
      return `    the daemon notes: ${rest}`;
    case "status":
      return `    the daemon says ${rest}`;
    case "fault":
      return `  ! ${rest} is made to go wrong`;
    case "crash":
      return `  ! the daemon dies ${rest}`;
    case "sabotage":
    case "neighbour":
      return `  ~ ${kind === "sabotage" ? "the saboteur" : "a neighbour"} calls ${rest}`;
    case "OBJECTION":
      return `>>> the oracle objects: ${rest}`;
    default:
      return `* ${text}`;
  }
}

function stepTold(json: string): string {
  const { do: what, service, ...more } = JSON.parse(json) as { do: string; service?: string };
  const details = Object.entries(more).map(([name, value]) => `${name} ${String(value)}`);
  const who = service === undefined ? "" : ` ${service}`;
  return `${what}${who}${details.length > 0 ? ` (${details.join(", ")})` : ""}`;
}

/** How far the history reached, in one line. */
export function summaryOf(verdict: Verdict, realMs: number): string {
  const { effects, calls, hits, virtualMs } = verdict;
  const hours = (virtualMs / 3_600_000).toFixed(1);
  return `${hours} h in ${Math.round(realMs)} ms (${Math.round(virtualMs / realMs)}× real time): ${calls} calls, ${effects} changes, ${hits} faults met`;
}
