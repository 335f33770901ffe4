import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blockText,
  contains,
  overlaps,
  parseBlock,
  usableAddress,
  usableAddresses,
} from "../../../../src/simulator/ec2/network/cidr.ts";

const canonical = (text: string): string | undefined => {
  const block = parseBlock(text);
  return block === undefined ? undefined : blockText(block);
};

describe("blocks of addresses", () => {
  it.each([
    ["100.68.0.18/18", "100.68.0.0/18"],
    ["10.0.0.0/16", "10.0.0.0/16"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["::/0", "::/0"],
    ["2600:1F18:12:3400:0:0:0:1/56", "2600:1f18:12:3400::/56"],
    ["2001:db8::ffff/128", "2001:db8::ffff/128"],
  ])("%s is %s", (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each(["10.0.0.0", "10.0.0/8", "10.0.0.0/33", "10.0.0.256/8", "::/129", "all", "", "::1::/64"])(
    "%j is none",
    (text) => {
      expect(parseBlock(text)).toBeUndefined();
    },
  );

  it("are canonical once and for all, hold themselves, and hold what is longer and begins alike", () => {
    const blocks = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, bits]) => `${ip}/${bits}`);
    fc.assert(
      fc.property(blocks, blocks, (one, other) => {
        const [a, b] = [parseBlock(one)!, parseBlock(other)!];
        expect(canonical(blockText(a))).toBe(blockText(a));
        expect(contains(a, a)).toBe(true);
        expect(overlaps(a, b)).toBe(overlaps(b, a));
        if (contains(a, b) && contains(b, a)) expect(blockText(a)).toBe(blockText(b));
      }),
    );
  });

  it("of an IPv4 subnet give out all addresses but the first four and the last", () => {
    const block = parseBlock("10.0.0.16/28")!;
    const given = Array.from({ length: usableAddresses(block) }, (_, index) => usableAddress(block, index));
    expect(given).toHaveLength(11);
    expect([given[0], given.at(-1)]).toEqual(["10.0.0.20", "10.0.0.30"]);
    expect(usableAddress(block, 11)).toBe("10.0.0.20");
  });
});
