import { describe, expect, it } from "vitest";
import {
  isComplete,
  isListed,
  isUnread,
  knows,
  unreadReasons,
} from "../../../src/reconciler/core/observation.ts";
import { observation, observed, THING, unreadable } from "./fixtures.ts";

const whole = observation([observed("a")]);
const unlisted = observation([], { unknownKinds: new Map([[THING, "the list failed"]]) });
const half = observation([], { unreadable: [unreadable(THING, "b")] });
const nameless = observation([], { unreadable: [unreadable(THING)] });
const onlyAlarms = observation([], {
  unknownKinds: new Map([["alarm", "no answer"]]),
  unreadable: [unreadable("alarm", "a")],
});

describe("unknown is never empty", () => {
  it.each([
    ["everything was read", whole, { complete: true, listed: true, known: true, unread: [false, false] }],
    [
      "its list could not be read",
      unlisted,
      { complete: false, listed: false, known: false, unread: [true, true] },
    ],
    [
      "one of it could not be read",
      half,
      { complete: false, listed: true, known: false, unread: [false, true] },
    ],
    [
      "one of it could not be read, and nobody knows which",
      nameless,
      { complete: false, listed: true, known: false, unread: [true, true] },
    ],
    [
      "another kind could not be read",
      onlyAlarms,
      { complete: false, listed: true, known: true, unread: [false, false] },
    ],
  ])("of a kind, where %s", (_, seen, { complete, listed, known, unread }) => {
    expect(isComplete(seen)).toBe(complete);
    expect(isListed(seen, THING)).toBe(listed);
    expect(knows(seen, THING)).toBe(known);
    expect(["a", "b"].map((name) => isUnread(seen, { kind: THING, name }))).toEqual(unread);
  });

  it("is told in the same words, in whatever order things failed", () => {
    const failed = (reasons: readonly string[]) =>
      observation([], {
        unknownKinds: new Map([[THING, "m"]]),
        unreadable: reasons.map((reason) => ({ ...unreadable(THING), reason })),
      });
    expect(unreadReasons(failed(["z", "a"]))).toEqual(["a", "m", "z"]);
    expect(unreadReasons(failed(["a", "z"]))).toEqual(["a", "m", "z"]);
    expect(unreadReasons(whole)).toEqual([]);
  });
});
