import { describe, expect, it } from "vitest";
import { matches, parsePattern } from "../../../src/simulator/events/pattern.ts";

const EVENT = {
  source: "aws.ec2",
  "detail-type": "EC2 Instance State-change Notification",
  resources: ["arn:aws:ec2:us-east-1:1:instance/i-1", "arn:other"],
  detail: {
    state: "running",
    count: 7,
    isTrue: true,
    nothing: null,
    tags: [
      { key: "a", value: "1" },
      { key: "b", value: "2" },
    ],
    inner: { name: "Web.App" },
  },
};

const isMatch = (pattern: object): boolean => matches(parsePattern(JSON.stringify(pattern)), EVENT);
const ofDetail = (detail: object): boolean => isMatch({ detail });

describe("an event pattern", () => {
  it("matches values exactly, one of several, and of a list in the event one", () => {
    expect(isMatch({ source: ["aws.autoscaling", "aws.ec2"] })).toBe(true);
    expect(isMatch({ source: ["aws.EC2"] })).toBe(false);
    expect(isMatch({ resources: ["arn:other"], source: ["aws.ec2"] })).toBe(true);
    expect(isMatch({ resources: ["arn:other"], source: ["aws.s3"] })).toBe(false);
    expect(ofDetail({ count: [7], isTrue: [true], nothing: [null] })).toBe(true);
    expect(ofDetail({ count: ["7"] })).toBe(false);
    expect(ofDetail({ missing: [null] })).toBe(false);
  });

  it("of a list of structures wants one that matches as a whole", () => {
    expect(ofDetail({ tags: { key: ["b"], value: ["2"] } })).toBe(true);
    expect(ofDetail({ tags: { key: ["b"], value: ["1"] } })).toBe(false);
  });

  it("has operators on texts", () => {
    expect(ofDetail({ state: [{ prefix: "run" }] })).toBe(true);
    expect(ofDetail({ state: [{ suffix: "ning" }] })).toBe(true);
    expect(ofDetail({ state: [{ suffix: "run" }] })).toBe(false);
    expect(ofDetail({ inner: { name: [{ "equals-ignore-case": "web.app" }] } })).toBe(true);
    expect(ofDetail({ inner: { name: [{ prefix: { "equals-ignore-case": "WEB" } }] } })).toBe(true);
    expect(ofDetail({ inner: { name: [{ wildcard: "W*.A*p" }] } })).toBe(true);
    expect(ofDetail({ inner: { name: [{ wildcard: "W*xA*p" }] } })).toBe(false);
  });

  it("has anything-but, for what is there", () => {
    expect(ofDetail({ state: [{ "anything-but": ["stopped", "pending"] }] })).toBe(true);
    expect(ofDetail({ state: [{ "anything-but": "running" }] })).toBe(false);
    expect(ofDetail({ state: [{ "anything-but": { prefix: "run" } }] })).toBe(false);
    expect(ofDetail({ missing: [{ "anything-but": "x" }] })).toBe(false);
  });

  it("has exists, which speaks of leaves: events/exists", () => {
    expect(ofDetail({ state: [{ exists: true }], missing: [{ exists: false }] })).toBe(true);
    expect(ofDetail({ state: [{ exists: false }] })).toBe(false);
    expect(ofDetail({ inner: [{ exists: true }] })).toBe(false);
    expect(isMatch({ other: { deep: [{ exists: false }] } })).toBe(true);
  });

  it("has numeric comparisons", () => {
    expect(ofDetail({ count: [{ numeric: [">", 0, "<=", 7] }] })).toBe(true);
    expect(ofDetail({ count: [{ numeric: [">", 7] }] })).toBe(false);
    expect(ofDetail({ state: [{ numeric: ["=", 7] }] })).toBe(false);
  });

  it("has alternatives", () => {
    expect(ofDetail({ $or: [{ state: ["stopped"] }, { count: [7] }] })).toBe(true);
    expect(ofDetail({ $or: [{ state: ["stopped"] }, { count: [8] }] })).toBe(false);
  });

  it.each([
    ["{", "no JSON"],
    ["[]", "no object"],
    ['{"source":"aws.ec2"}', "a value without a list"],
    ['{"source":[]}', "an empty list"],
    ['{"detail":{}}', "an empty structure"],
    ['{"source":[{"ends-with":"x"}]}', "an unknown operator"],
    ['{"source":[{"numeric":["is",1]}]}', "an unknown comparison"],
    ['{"source":[{"exists":"yes"}]}', "exists without a truth value"],
    ['{"source":[["a"]]}', "a list in a list"],
  ])("is refused as %s: %s", (text) => {
    expect(() => parsePattern(text)).toThrow("Event pattern is not valid");
  });
});
