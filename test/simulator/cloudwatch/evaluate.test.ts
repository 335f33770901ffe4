import { describe, expect, it } from "vitest";
import { decide, type Rule, reasonOf } from "../../../src/simulator/cloudwatch/evaluate.ts";

const AT_MS = Date.parse("2026-01-01T00:00:00Z");

/** `0` within the threshold, `X` beyond it, `-` not reported; oldest first. */
function points(text: string): { atMs: number; value: number | undefined }[] {
  return [...text].map((mark, index) => ({
    atMs: AT_MS + index * 60_000,
    value: mark === "-" ? undefined : mark === "X" ? 10 : 0,
  }));
}

function rule(DatapointsToAlarm: number, TreatMissingData?: string): Rule {
  return {
    EvaluationPeriods: 3,
    DatapointsToAlarm,
    Threshold: 5,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData,
  };
}

const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"];
const [A, O, I, KEEP] = ["ALARM", "OK", "INSUFFICIENT_DATA", undefined];

describe("the state of an alarm of 3 periods, as the documentation's tables have it", () => {
  it.each([
    [3, "0-X-X", [O, O, O, O]],
    [3, "0----", [O, O, O, O]],
    [3, "-----", [I, KEEP, A, O]],
    [3, "0XX-X", [A, A, A, A]],
    [3, "--X--", [A, KEEP, A, O]],
    [3, "X----", [A, KEEP, A, O]],
    [3, "----X", [I, KEEP, A, O]],
    [2, "0-X-X", [A, A, A, A]],
    [2, "00X0X", [A, A, A, A]],
    [2, "0-X--", [O, O, A, O]],
    [2, "----0", [O, O, A, O]],
    [2, "---X-", [A, KEEP, A, O]],
    [2, "----X", [I, KEEP, A, O]],
  ])("needing %i, of %s", (needed, text, states) => {
    const found = TREATMENTS.map((treatment) => decide(rule(needed, treatment), points(text)));
    expect(found).toEqual(states);
  });
});

describe("the reason", () => {
  it("names the data points, the newest first", () => {
    expect(reasonOf(rule(2), "ALARM", points("00X0X"))).toBe(
      "Threshold Crossed: 2 out of the last 3 datapoints [10.0 (01/01/26 00:04:00), 10.0 (01/01/26 00:02:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).",
    );
    expect(reasonOf(rule(3), "OK", points("XXXX0"))).toBe(
      "Threshold Crossed: 1 out of the last 3 datapoints [0.0 (01/01/26 00:04:00)] was not greater than the threshold (5.0) (minimum 1 datapoint for ALARM -> OK transition).",
    );
    expect(reasonOf(rule(3), "INSUFFICIENT_DATA", points("-----"))).toBe(
      "Insufficient Data: 3 datapoints were unknown.",
    );
    expect(reasonOf(rule(3, "breaching"), "ALARM", points("-----"))).toBe(
      "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].",
    );
  });
});
