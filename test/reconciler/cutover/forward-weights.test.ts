import { describe, expect, it } from "vitest";
import {
  type ForwardCutover,
  type Unready,
  type WeightedTargetGroup,
  weightedTargetGroupsIn,
  weightsDuringCutover,
} from "../../../src/reconciler/cutover/forward-weights.ts";

/** `web 1, api 0`: target groups and their weights. */
function weights(text: string): WeightedTargetGroup[] {
  return text === ""
    ? []
    : text.split(", ").map((part) => {
        const [arn = "", weight] = part.split(" ");
        return { arn, weight: Number(weight) };
      });
}

function text(list: readonly WeightedTargetGroup[]): string {
  return list.map(({ arn, weight }) => `${arn} ${weight}`).join(", ");
}

interface Facts {
  readonly before: readonly string[];
  readonly goal: string;
  readonly serving: string;
  readonly unready?: Record<string, Partial<Unready>>;
}

/** The weights meanwhile; `at once` where the goal need not wait. */
function meanwhile({ before, goal, serving, unready = { new: {} } }: Facts): string {
  const input: ForwardCutover = {
    goal: weights(goal),
    before: before.map(weights),
    unready: new Map(
      Object.entries(unready).map(([arn, more]) => [arn, { predecessors: [], healthy: 0, ...more }]),
    ),
    serves: (arn) => serving.split(" ").includes(arn),
  };
  const interim = weightsDuringCutover(input);
  return interim === undefined ? "at once" : text(interim.targetGroups);
}

const OLD = { predecessors: [{ id: "old" }] };

describe("an action's traffic, while a target group that is to get it is not ready,", () => {
  it.each<[string, Facts, string]>([
    ["stays with who serves", { before: ["web 1"], goal: "new 1", serving: "web" }, "web 1, new 0"],
    [
      "is the goal when all are ready",
      { before: ["web 1"], goal: "new 1", serving: "web", unready: {} },
      "at once",
    ],
    ["stays when nobody serves", { before: ["web 1"], goal: "new 1", serving: "" }, "web 1, new 0"],
    [
      "is the goal when nobody else serves, and it has begun to",
      { before: ["web 1"], goal: "new 1", serving: "new", unready: { new: { healthy: 1 } } },
      "at once",
    ],
    ["is the goal when nothing was forwarded", { before: [""], goal: "new 1", serving: "web" }, "at once"],
    ["is the goal when nothing was there", { before: [], goal: "new 1", serving: "web" }, "at once"],
    ["does not turn back", { before: ["new 1", "new 1"], goal: "new 1", serving: "web" }, "at once"],
    [
      "does not turn back, also in part",
      { before: ["web 1, new 1", "web 1, new 1"], goal: "web 1, new 2", serving: "web" },
      "at once",
    ],
    [
      "is the goal for a weight of nothing",
      { before: ["web 1"], goal: "web 1, new 0", serving: "web" },
      "at once",
    ],
    ["is kept in proportion", { before: ["a 1, b 3"], goal: "new 8", serving: "a b" }, "a 2, b 6, new 0"],
    [
      "leaves no stand-in without a share",
      { before: ["a 1, b 999"], goal: "new 1", serving: "a b" },
      "a 1, b 1, new 0",
    ],
    [
      "takes no more than a weight can be",
      { before: ["a 1"], goal: "new 999, other 999", serving: "a", unready: { new: {}, other: {} } },
      "a 999, new 0, other 0",
    ],
    [
      "is kept from those who do not serve",
      { before: ["a 1, b 1"], goal: "new 2", serving: "b" },
      "b 2, new 0",
    ],
    [
      "goes by the goal for all that are ready",
      { before: ["web 9, next 1"], goal: "next 5, new 95", serving: "web next" },
      "next 5, web 95, new 0",
    ],
    [
      "needs no stand-in where nobody leaves",
      { before: ["web 1"], goal: "web 9, new 1", serving: "web" },
      "web 9, new 0",
    ],
    [
      "is given back to one that the goal gives none",
      { before: ["web 1"], goal: "web 0, new 1", serving: "web" },
      "web 1, new 0",
    ],
    [
      "is where it was last put, not where a hand has moved it",
      { before: ["web 1, new 0", "other 1"], goal: "new 1", serving: "web other" },
      "web 1, new 0",
    ],
    [
      "stays where a hand has saved it",
      { before: ["new 1", "web 1"], goal: "new 1", serving: "web" },
      "web 1, new 0",
    ],
    [
      "is not shared by hand with one that is not ready",
      { before: ["web 1, new 0", "web 1, new 1"], goal: "new 1", serving: "web" },
      "web 1, new 0",
    ],
    [
      "does not move because those who serve fail for a moment",
      { before: ["web 1, new 0"], goal: "new 1", serving: "" },
      "web 1, new 0",
    ],
    [
      "is the goal where there is nobody to stay with",
      { before: ["web 0, new 0"], goal: "new 1", serving: "web" },
      "at once",
    ],
    [
      "stays with others than the one that is not ready",
      { before: ["x 1", "new 1, web 1"], goal: "new 1", serving: "new web" },
      "web 1, new 0",
    ],
    [
      "is not taken from one that alone serves, by whatever hand",
      {
        before: ["web 1, new 0", "web 1, new 1"],
        goal: "x 1, new 1",
        serving: "new",
        unready: { new: { healthy: 1 } },
      },
      "at once",
    ],
    [
      "goes to one that serves when those fail who have served",
      { before: ["web 1, new 0"], goal: "new 1", serving: "", unready: { new: { healthy: 1 } } },
      "at once",
    ],
  ])("%s", (_, facts, expected) => {
    expect(meanwhile(facts)).toBe(expected);
  });

  it.each<[string, Facts, string]>([
    [
      "keeps the share of its successor",
      { before: ["old 9, web 1"], goal: "new 5, web 5", serving: "old web", unready: { new: OLD } },
      "old 5, web 5, new 0",
    ],
    [
      "keeps it however it fares",
      { before: ["old 1"], goal: "new 1", serving: "", unready: { new: OLD } },
      "old 1, new 0",
    ],
    [
      "keeps its own share only",
      { before: ["old 1, x 1"], goal: "new 3", serving: "old x", unready: { new: OLD } },
      "old 3, new 0",
    ],
    [
      "and a new one beside it wait for themselves",
      { before: ["old 1"], goal: "new 3, api 1", serving: "old", unready: { new: OLD, api: {} } },
      "old 3, new 0, api 0",
    ],
  ])("a predecessor %s", (_, facts, expected) => {
    expect(meanwhile(facts)).toBe(expected);
  });

  it("has no more target groups than AWS takes, and always one that is not ready among them", () => {
    const many = { n1: {}, n2: {}, n3: {}, n4: {}, n5: {} };
    const goal = "n1 1, n2 1, n3 1, n4 1, n5 1";
    expect(meanwhile({ before: ["web 1"], goal, serving: "web", unready: many })).toBe(
      "web 5, n1 0, n2 0, n3 0, n4 0",
    );
    expect(meanwhile({ before: ["web 1"], goal, serving: "web n1 n2 n3 n4", unready: { n5: {} } })).toBe(
      "n1 1, n2 1, n3 1, n4 1, n5 0",
    );
    expect(meanwhile({ before: ["a 1, b 1, c 1, d 1, e 1"], goal: "new 5", serving: "a b c d e" })).toBe(
      "a 1, b 1, c 1, d 1, new 0",
    );
  });
});

describe("the weights of an action", () => {
  it("are all of the traffic for a single target group, and none where nothing is forwarded", () => {
    expect(text(weightedTargetGroupsIn({ type: "forward", targetGroups: [{ arn: "a" }] }))).toBe("a 1");
    expect(
      text(
        weightedTargetGroupsIn({
          type: "forward",
          targetGroups: [
            { arn: "a", weight: 0 },
            { arn: "b", weight: 2 },
          ],
        }),
      ),
    ).toBe("a 0, b 2");
    expect(weightedTargetGroupsIn({ type: "redirect" })).toEqual([]);
    expect(weightedTargetGroupsIn(undefined)).toEqual([]);
  });
});
