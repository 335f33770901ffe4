import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../src/api/body/parse-json.ts";
import { parseYaml } from "../../src/api/body/parse-yaml.ts";

const ROUNDED = [
  "65535.00000000000000001",
  "0.10000000000000000001",
  "9007199254740993",
  "9007199254740993.0",
  "123456789.123456789123",
  "1e-400",
  "1e400",
  "4.9e-325",
];
const EXACT = [
  "0",
  "-0",
  "0.0",
  "-0e7",
  "1.10",
  "1e2",
  "1E+2",
  "100e-2",
  "0.1",
  "1e20",
  "-12.50",
  "5e-324",
  "0.30000000000000004",
];

describe("a number that cannot be held as it was written", () => {
  it.each(ROUNDED)("is refused, not rounded: %s", (text) => {
    for (const parse of [() => parseJson(`{"a": ${text}}`), () => parseYaml(`a: ${text}`)]) {
      expect(parse).toThrow(`the number ${text} cannot be held exactly`);
    }
  });

  it.each(EXACT)("is another one than %s", (text) => {
    expect(parseJson(`[${text}]`)).toEqual([Number(text)]);
    expect(parseYaml(`- ${text}`)).toEqual([[Number(text)]]);
  });

  it.each([
    ["0x1E", 30],
    ["0o17", 15],
    ["+.5", 0.5],
    ["5.", 5],
  ])("is not one of the other forms of YAML: %s", (text, value) => {
    expect(parseYaml(`a: ${text}`)).toEqual([{ a: value }]);
  });

  it("is never one that JavaScript itself has written", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = String(value);
        const isWhole = !/[.eE]/.test(text);
        if (isWhole && !Number.isSafeInteger(value)) return;
        expect(parseJson(`[${text}]`)).toEqual([Number(text)]);
      }),
    );
  });
});
