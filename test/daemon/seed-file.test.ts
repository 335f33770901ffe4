import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callsIn } from "../../src/daemon/seed-file.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-seed-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, "seed.yaml");
  writeFileSync(path, text);
  return path;
}

describe("the text of a seed file", () => {
  it("is one list of calls, where anchors and texts of several lines are YAML's", () => {
    const text =
      "- call: ec2:CreateVpc\n  input: { TagSpecifications: &a [x] }\n- call: ec2:CreateSubnet\n  input: { Tags: *a }\n";
    expect(callsIn(file(text))).toEqual([
      { number: 1, call: "ec2:CreateVpc", input: { TagSpecifications: ["x"] }, as: undefined },
      { number: 2, call: "ec2:CreateSubnet", input: { Tags: ["x"] }, as: undefined },
    ]);
  });

  it.each([
    ["no YAML", "- call: [\n", /^cannot be read as YAML: .* at line 2, column 1$/],
    [
      "the same name twice in a map",
      "- call: a\n  call: b\n",
      /^cannot be read as YAML: .*"call".* at line 2, column 3$/,
    ],
    ["nothing", "", /^it is one list of calls/],
    [
      "more than is read",
      `# ${"x".repeat(1_048_576)}\n`,
      "it has 1048579 bytes, and at most 1048576 are read",
    ],
  ])("cannot be %s", (_, text, message) => {
    expect(() => callsIn(file(text))).toThrow(message);
  });

  it("must be there, in a file", () => {
    expect(() => callsIn(join(folder, "none.yaml"))).toThrow(/^cannot be read: ENOENT/);
    expect(() => callsIn(folder)).toThrow(/^cannot be read: EISDIR/);
  });
});
