/** Which versions of a launch template may go, and which never. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/model/limits.ts";
import { spareVersions, type VersionUses } from "../../../src/reconciler/kinds/launch-template/pruning.ts";

const KEPT = LIMITS.templateVersions;
/** Five more than are kept. */
const MADE = Array.from({ length: KEPT + 5 }, (_, index) => index + 1);
const UNUSED: VersionUses = { numbers: new Set(), isRefreshUnderWay: false };
const NEWEST = { defaultVersion: KEPT + 5 };

const spare = (
  uses: Partial<VersionUses> = {},
  made: readonly number[] = MADE,
  { defaultVersion }: { defaultVersion: number } = NEWEST,
  wanted: number | undefined = defaultVersion,
) => spareVersions(made, { defaultVersion }, wanted, { ...UNUSED, ...uses });

describe("versions of a launch template", () => {
  it("go beyond those that are kept, the oldest", () => {
    expect(spare()).toEqual([1, 2, 3, 4, 5]);
    expect(spare({}, MADE.slice(5))).toEqual([]);
    expect(spare({}, [...MADE].reverse())).toEqual([1, 2, 3, 4, 5]);
  });

  it("stay where they are the default, or are about to be", () => {
    expect(spare({}, MADE, { defaultVersion: 2 })).toEqual([1, 3, 4, 5]);
    expect(spare({}, MADE, NEWEST, 1)).toEqual([2, 3, 4, 5]);
  });

  it("stay where a group names them or an instance runs them", () => {
    expect(spare({ numbers: new Set([3, 5]) })).toEqual([1, 2, 4]);
  });

  it("stay, all of them, while a refresh is under way", () => {
    expect(spare({ isRefreshUnderWay: true })).toEqual([]);
  });

  it("make room for one that is yet to be made", () => {
    expect(spareVersions(MADE, NEWEST, undefined, UNUSED)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("go 200 at a time, as AWS takes them", () => {
    const made = Array.from({ length: 300 }, (_, index) => index + 1);
    expect(spare({}, made, { defaultVersion: 300 })).toHaveLength(LIMITS.templateVersionsPerCall);
  });
});
