import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TokenFile, tokensIn } from "../../src/config/token-file.ts";

const [ALICE, BOB, GRAFANA] = ["alices-long-token", "bobs-own-long-token", "grafanas-long-token"] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-tokens-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function held(text: string): [string, boolean][] {
  return tokensIn(text).map(({ actor }) => [actor.name, actor.mayWrite]);
}

describe("the tokens of a file", () => {
  it("have names, and some may only read", () => {
    expect(held(`# ours\nalice ${ALICE}\r\n\n  grafana\t${GRAFANA} read\n${BOB}\n`)).toEqual([
      ["alice", true],
      ["grafana", false],
      ["admin", true],
    ]);
  });

  it("are known by digests, so that nothing that holds them can be used", () => {
    expect(JSON.stringify(tokensIn(`alice ${ALICE}`))).not.toContain(ALICE);
  });

  it("may be two of one name, so that one is exchanged for another without a gap", () => {
    expect(held(`alice ${ALICE}\nalice ${BOB}`)).toHaveLength(2);
  });

  it.each([
    ["", /^is empty$/],
    ["# nobody\n", /^is empty$/],
    [`alice ${ALICE}\nbob short`, /^line 2: the token has fewer than 16 characters$/],
    [`alice ${ALICE} write`, /^line 1: a line is/],
    [`alice ${ALICE} read more`, /^line 1: a line is/],
    [`al/ice ${ALICE}`, /^line 1: a name is/],
    [`alice ${ALICE}\n\nbob ${ALICE} read`, /^line 3: the token stands there twice$/],
    [Array.from({ length: 1_001 }, (_, index) => `n${index} ${ALICE}${index}`).join("\n"), /more than 1000/],
  ])("are refused with the line, and never shown: %#", (text, fault) => {
    expect(() => tokensIn(text)).toThrow(fault);
    expect(() => tokensIn(text)).not.toThrow(ALICE);
  });
});

describe("a token file that changes while the daemon runs", () => {
  const names = (file: TokenFile) => file.entries().map(({ actor }) => actor.name);

  it("is read again, written in place or exchanged", () => {
    const path = join(folder, "tokens");
    writeFileSync(path, `alice ${ALICE}`);
    const file = new TokenFile(path);
    writeFileSync(path, `alice ${ALICE}\nbob ${BOB}`);
    expect(names(file)).toEqual(["alice", "bob"]);
    writeFileSync(join(folder, "next"), `bob ${BOB}`);
    renameSync(join(folder, "next"), path);
    expect(names(file)).toEqual(["bob"]);
  });

  it("and cannot be used keeps its last tokens, and says why", () => {
    const path = join(folder, "tokens");
    writeFileSync(path, `alice ${ALICE}`);
    const file = new TokenFile(path);
    writeFileSync(path, "alice short");
    expect([names(file), file.fault]).toEqual([
      ["alice"],
      expect.stringMatching(/^line 1: .*16 characters$/),
    ]);
    rmSync(path);
    expect([names(file), file.fault]).toEqual([["alice"], expect.stringMatching(/cannot be read: ENOENT/)]);
    writeFileSync(path, `bob ${BOB}`);
    expect([names(file), file.fault]).toEqual([["bob"], undefined]);
  });
});
