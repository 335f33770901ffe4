import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LIMITS } from "../../src/model/limits.ts";
import { destinationOf, toFile, toStream } from "../../src/runtime/log-destination.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-log-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a log whose disk is full", () => {
  it("loses lines, throws nothing, and counts them", () => {
    const fd = openSync("/dev/full", "w");
    const log = destinationOf(toFile(fd), new VirtualClock());
    for (let count = 0; count < 3; count += 1) log.write("a line\n");
    closeSync(fd);
    expect(log.lostLines).toBe(3);
  });

  it("says how many were lost as soon as there is room, and no line runs into another", () => {
    const path = join(folder, "log");
    const fd = openSync(path, "w");
    let room = 12;
    const write = (to: number, bytes: Buffer) => {
      if (room === 0) throw new Error("ENOSPC");
      const taken = Math.min(room, bytes.length);
      room -= taken;
      return writeSync(to, bytes, 0, taken);
    };
    const log = destinationOf(toFile(fd, write), new VirtualClock());
    log.write('{"n":1}\n');
    log.write('{"n":2}\n');
    log.write('{"n":3}\n');
    room = 10_000;
    log.write('{"n":4}\n');
    closeSync(fd);
    const lines = readFileSync(path, "utf8").split("\n");
    expect(lines).toEqual(['{"n":1}', '{"n"', expect.any(String), '{"n":4}', ""]);
    expect(JSON.parse(lines[2]!)).toEqual({
      level: "warn",
      time: "2026-01-01T00:00:00.000Z",
      lines: 2,
      message: "log lines could not be written",
    });
  });
});

describe("a log that goes to somebody", () => {
  it("who stops reading holds no more than a bounded part of it, and goes on when they read again", () => {
    const taken: string[] = [];
    let go: (() => void) | undefined;
    const stream = new Writable({
      decodeStrings: false,
      write(text: string, _encoding, done) {
        taken.push(text);
        go = done;
      },
    });
    const log = destinationOf(toStream(stream), new VirtualClock());
    const line = `${"x".repeat(9_999)}\n`;
    for (let count = 0; count < 1_000; count += 1) log.write(line);
    expect(stream.writableLength).toBeLessThan(LIMITS.logBytes + 2 * line.length);
    expect(log.lostLines).toBeGreaterThan(500);
    while (stream.writableLength > 0) go?.();
    log.write("last\n");
    while (stream.writableLength > 0) go?.();
    expect(taken.at(-1)).toBe("last\n");
    expect(JSON.parse(taken.at(-2)!)).toMatchObject({ lines: log.lostLines });
  });

  it("who has gone loses all of it, and nothing piles up", async () => {
    const stream = new Writable({
      write(_text, _encoding, done) {
        done(new Error("EPIPE"));
      },
    });
    const log = destinationOf(toStream(stream), new VirtualClock());
    log.write("first\n");
    await new Promise((resolve) => stream.once("close", resolve));
    for (let count = 0; count < 100; count += 1) log.write("more\n");
    expect([log.lostLines, stream.writableLength < 100]).toEqual([100, true]);
  });
});
