import { describe, expect, it } from "vitest";
import { lastTimeOf } from "../../../src/reconciler/kinds/auto-scaling-group/recurrence.ts";

const ms = (text: string) => Date.parse(text);
const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());

describe("when a recurrence was due last", () => {
  it.each<[text: string, zone: string, until: string, last: string | undefined]>([
    ["0 8 * * *", "Etc/UTC", "2026-03-04T08:00:00Z", "2026-03-04T08:00:00.000Z"],
    ["0 8 * * *", "Etc/UTC", "2026-03-04T07:59:59Z", "2026-03-03T08:00:00.000Z"],
    ["0 8 * * 1-5", "Etc/UTC", "2026-03-08T12:00:00Z", "2026-03-06T08:00:00.000Z"],
    ["*/15 9-17 * * mon,WED", "Etc/UTC", "2026-03-04T20:00:00Z", "2026-03-04T17:45:00.000Z"],
    ["30 6,18 1 JAN *", "Etc/UTC", "2026-03-04T00:00:00Z", "2026-01-01T18:30:00.000Z"],
    ["0 0 29 2 *", "Etc/UTC", "2027-01-01T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["0 0 1 * 1", "Etc/UTC", "2026-03-04T00:00:00Z", "2026-03-02T00:00:00.000Z"],
    ["0 0 * * 7", "Etc/UTC", "2026-03-04T00:00:00Z", "2026-03-01T00:00:00.000Z"],
    // Winter, summer, and a zone ahead of the date line.
    ["0 8 * * *", "Europe/Berlin", "2026-01-10T07:30:00Z", "2026-01-10T07:00:00.000Z"],
    ["0 8 * * *", "Europe/Berlin", "2026-07-10T06:30:00Z", "2026-07-10T06:00:00.000Z"],
    ["0 1 * * *", "Pacific/Auckland", "2026-07-10T12:30:00Z", "2026-07-09T13:00:00.000Z"],
    ["0 23 * * *", "America/Los_Angeles", "2026-01-10T06:00:00Z", "2026-01-09T07:00:00.000Z"],
    ["0 8 * *", "Etc/UTC", "2026-03-04T08:00:00Z", undefined],
    ["0 25 * * *", "Etc/UTC", "2026-03-04T08:00:00Z", undefined],
    ["0 8 * * *", "Nowhere/Land", "2026-03-04T08:00:00Z", undefined],
    ["0 0 31 2 *", "Etc/UTC", "2026-03-04T08:00:00Z", undefined],
  ])("%s (%s) at %s: %s", (text, zone, until, last) => {
    expect(iso(lastTimeOf(text, zone, ms(until)))).toBe(last);
  });
});
