import { describe, expect, it } from "vitest";
import { faultOfCron, isTimeZone, shortestGapMinutes } from "../../../../src/reconciler/core/windows/cron.ts";
import { openingAt, type Window, type Windows } from "../../../../src/reconciler/core/windows/opening.ts";

const window = (cron: string, durationMinutes: number, timeZone = "UTC"): Window => ({
  ...{ cron, durationMinutes, timeZone },
});

/** `open`, or when it opens next. */
function at(windows: Windows, time: string): string {
  const opening = openingAt(windows, Date.parse(time));
  if (opening.isOpen) return "open";
  return opening.opensAtMs === undefined ? "never" : new Date(opening.opensAtMs).toISOString();
}

describe("a window", () => {
  const nightly = { allow: [window("0 22 * * 1-5", 120)] };
  it.each([
    ["2026-01-01T21:59:59.999Z", "2026-01-01T22:00:00.000Z"],
    ["2026-01-01T22:00:00.000Z", "open"],
    ["2026-01-01T23:59:59.999Z", "open"],
    ["2026-01-02T00:00:00.000Z", "2026-01-02T22:00:00.000Z"],
    // Friday's has ended, and the next one is Monday's.
    ["2026-01-03T12:00:00.000Z", "2026-01-05T22:00:00.000Z"],
  ])("that allows: at %s %s", (time, says) => {
    expect(at(nightly, time)).toBe(says);
  });

  it("one of several is enough, and the first of them counts", () => {
    const allow = [window("0 22 * * *", 60), window("30 6 * * *", 30)];
    expect(at({ allow }, "2026-01-01T06:45:00Z")).toBe("open");
    expect(at({ allow }, "2026-01-01T23:15:00Z")).toBe("2026-01-02T06:30:00.000Z");
  });

  it("that denies is over when none of them is over the moment any more", () => {
    const deny = [window("0 8 * * *", 240), window("0 12 * * *", 120), window("0 9 * * *", 60)];
    expect(at({ deny }, "2026-01-01T07:59:59Z")).toBe("open");
    expect(at({ deny }, "2026-01-01T09:30:00Z")).toBe("2026-01-01T14:00:00.000Z");
    expect(at({ deny }, "2026-01-01T14:00:00Z")).toBe("open");
    expect(at({ deny: [window("* * * * *", 1)] }, "2026-01-01T00:00:00Z")).toBe("never");
  });

  it("that denies lasts to the end of the longest that is over the moment", () => {
    const deny = [window("0 8 * * *", 240), window("0 9 * * *", 60)];
    expect(at({ deny }, "2026-01-01T09:30:00Z")).toBe("2026-01-01T12:00:00.000Z");
  });

  it("that has no start before or after the moment is not open, and opens when another one does", () => {
    const never = window("0 0 31 2 *", 60);
    expect(at({ allow: [never] }, "2026-01-01T00:00:00Z")).toBe("never");
    expect(at({ allow: [never, window("0 22 * * *", 60)] }, "2026-01-01T00:00:00Z")).toBe(
      "2026-01-01T22:00:00.000Z",
    );
    expect(at({ deny: [never] }, "2026-01-01T00:00:00Z")).toBe("open");
  });

  it("no windows at all are always open", () => {
    expect(openingAt(undefined, 0)).toEqual({ isOpen: true });
  });
});

/** Clocks of Berlin: forward at 01:00 UTC on 29 March 2026, back at 01:00 UTC on 25 October. */
describe("where clocks are put forward or back", () => {
  const berlin = (cron: string, minutes: number) => ({ allow: [window(cron, minutes, "Europe/Berlin")] });

  it("a window keeps to the clocks of its zone, in summer as in winter", () => {
    expect(at(berlin("0 22 * * *", 60), "2026-03-28T12:00:00Z")).toBe("2026-03-28T21:00:00.000Z");
    expect(at(berlin("0 22 * * *", 60), "2026-03-29T12:00:00Z")).toBe("2026-03-29T20:00:00.000Z");
  });

  it("in the hour that is left out, a fixed time begins when the clocks go on", () => {
    const nightly = berlin("30 2 * * *", 30);
    expect(at(nightly, "2026-03-29T00:59:59Z")).toBe("2026-03-29T01:00:00.000Z");
    expect(at(nightly, "2026-03-29T01:29:59Z")).toBe("open");
    expect(at(nightly, "2026-03-29T01:30:00Z")).toBe("2026-03-30T00:30:00.000Z");
  });

  it("what begins every hour has no start in it", () => {
    expect(at(berlin("30 * * * *", 10), "2026-03-29T00:45:00Z")).toBe("2026-03-29T01:30:00.000Z");
  });

  it("in the hour that comes twice, a fixed time begins at the first, and what begins every hour at both", () => {
    const nightly = berlin("30 2 * * *", 30);
    expect(at(nightly, "2026-10-25T00:30:00Z")).toBe("open");
    expect(at(nightly, "2026-10-25T01:30:00Z")).toBe("2026-10-26T01:30:00.000Z");
    const hourly = berlin("30 * * * *", 10);
    expect([at(hourly, "2026-10-25T00:35:00Z"), at(hourly, "2026-10-25T01:35:00Z")]).toEqual([
      "open",
      "open",
    ]);
  });

  it("a window that is open meanwhile lasts as long as it says", () => {
    const night = berlin("0 1 * * *", 180);
    expect(at(night, "2026-03-29T02:59:59Z")).toBe("open");
    expect(at(night, "2026-03-29T03:00:00Z")).not.toBe("open");
  });
});

describe("what a spec may say", () => {
  it.each([
    ["0 22 * * 1-5", undefined],
    ["*/15 8-18 * JAN-MAR MON", undefined],
    ["@daily", "five fields"],
    ["0 22 * *", "five fields"],
    ["0 0 22 * * *", "five fields"],
    ["61 * * * *", "Invalid value for minute: 61"],
    ["a b c d e", "illegal characters"],
    [" 0  22 * * 1-5\t", undefined],
    ["0 0 31 2 *", "never comes"],
  ])("cron %s: %s", (cron, fault) => {
    if (fault === undefined) expect(faultOfCron(cron)).toBeUndefined();
    else expect(faultOfCron(cron)).toContain(fault);
  });

  it("what cron does not understand is told without the library's name and full stop", () => {
    expect(faultOfCron("61 * * * *")).toBe("is not cron's: Invalid value for minute: 61");
    expect(faultOfCron("a b c d e")).toBe(
      "is not cron's: configuration entry 1 (a) contains illegal characters",
    );
  });

  it.each([
    ["Europe/Berlin", true],
    ["UTC", true],
    ["Mars/Base", false],
    ["+02:00", false],
    ["+02:00Z", false],
    ["", false],
  ])("time zone %s: %s", (timeZone, is) => {
    expect(isTimeZone(timeZone)).toBe(is);
  });

  it.each([
    ["0 22 * * *", 1440],
    ["0 22 * * 1-5", 1440],
    ["0 8,9,17 * * *", 60],
    ["* * * * *", 1],
    ["0 0 31 2 *", Number.POSITIVE_INFINITY],
    ["0 0 1 * *", 28 * 1440],
    ["0 0 29 2 *", 4 * 365.25 * 1440],
  ])("between two starts of %s are at least %s minutes", (cron, minutes) => {
    expect(shortestGapMinutes(cron)).toBe(minutes);
  });
});
