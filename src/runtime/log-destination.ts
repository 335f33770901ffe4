import { fstatSync, writeSync } from "node:fs";
import type { Writable } from "node:stream";
import { LIMITS } from "../model/limits.ts";
import type { Clock } from "../ports.ts";

/** Where log lines go. Never throws, never waits, and never holds more than a bounded part of them. */
export interface LogDestination {
  write(line: string): void;
  /** Lines that nobody will read, since the start. */
  readonly lostLines: number;
}

/** Answers whether it has taken the text. */
type Attempt = (text: string) => boolean;

/**
 * Standard output, whatever becomes of it: a reader that has gone or has stopped reading, a disk that is full. Lines that
 * cannot be written are counted, and how many they were is told as soon as one can be written again.
 */
export function logDestination(stream: Writable & { readonly fd: number }, clock: Clock): LogDestination {
  return destinationOf(fstatSync(stream.fd).isFile() ? toFile(stream.fd) : toStream(stream), clock);
}

export function destinationOf(attempt: Attempt, clock: Clock): LogDestination {
  let lost = 0;
  let untold = 0;
  return {
    get lostLines() {
      return lost;
    },
    write(line) {
      if (untold > 0 && attempt(lossOf(untold, clock))) untold = 0;
      if (untold === 0 && attempt(line)) return;
      lost += 1;
      untold += 1;
    },
  };
}

function lossOf(lines: number, clock: Clock): string {
  const time = new Date(clock.nowMs()).toISOString();
  return `${JSON.stringify({ level: "warn", time, lines, message: "log lines could not be written" })}\n`;
}

/** A pipe, a socket or a terminal. Node writes to them as they take it, and keeps the rest in memory. */
export function toStream(stream: Writable): Attempt {
  let isGone = false;
  stream.on("error", () => {
    isGone = true;
  });
  return (text) => {
    if (isGone || stream.writableLength > LIMITS.logBytes) return false;
    stream.write(text);
    return true;
  };
}

/** A file: written at once, and tried anew with each line, because room can be made. */
export function toFile(fd: number, write: (fd: number, bytes: Buffer) => number = writeSync): Attempt {
  let isTorn = false;
  return (text) => {
    let rest = Buffer.from(isTorn ? `\n${text}` : text);
    const { length } = rest;
    try {
      while (rest.length > 0) rest = rest.subarray(write(fd, rest));
      isTorn = false;
      return true;
    } catch {
      isTorn ||= rest.length < length;
      return false;
    }
  };
}
