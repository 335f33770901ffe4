import { describe, expect, it } from "vitest";
import { ageOf, bounded, clockTime, counted, durationOf, valueText } from "../../src/dashboard/words.ts";
import { yamlLines } from "../../src/dashboard/yaml-text.ts";
import { secretDigest, withoutSecrets } from "../../src/model/secrets.ts";
import { ago, NOW } from "./fixtures.ts";

describe("ages and times", () => {
  it("are reckoned from the model's clock", () => {
    expect(ageOf(ago(12), NOW)).toBe("12 s ago");
    expect(ageOf(ago(-48), NOW)).toBe("in 48 s");
    expect(ageOf(NOW, NOW)).toBe("now");
    expect(ageOf("nonsense", NOW)).toBe("unknown");
  });

  it("use the largest unit that still says something", () => {
    expect([45, 119, 120, 7_199, 7_200, 172_800].map(durationOf)).toEqual([
      "45 s",
      "119 s",
      "2 min",
      "120 min",
      "2 h",
      "2 d",
    ]);
  });

  it("name the day only when it is not today", () => {
    expect(clockTime(ago(60), NOW)).toBe("12:03:30");
    expect(clockTime(ago(86_400), NOW)).toBe("2026-02-28 12:04:30");
    expect(clockTime("<b>", NOW)).toBe("<b>");
  });

  it("count in words and bound lists", () => {
    expect([counted(1, "field"), counted(2, "field"), counted(2, "is", "are")]).toEqual([
      "1 field",
      "2 fields",
      "2 are",
    ]);
    expect(bounded([1, 2, 3], 2)).toEqual({ shown: [1, 2], left: 1 });
  });
});

describe("secrets", () => {
  it("are replaced by their digests at any depth, and digests stay", () => {
    expect(
      withoutSecrets({
        list: [
          { userData: "hunter2", clientSecret: "sha256:00ff", metadataOptions: { httpTokens: "required" } },
        ],
        dbPassword: null,
      }),
    ).toEqual({
      list: [
        {
          userData: secretDigest("hunter2"),
          clientSecret: "sha256:00ff",
          metadataOptions: { httpTokens: "required" },
        },
      ],
      dbPassword: null,
    });
  });

  it("are hidden in single values as well, by the name of the field or within the value", () => {
    expect(valueText("launchTemplate.userData", "hunter2", 40)).toBe(secretDigest("hunter2"));
    expect(valueText("launchTemplate.userData", { a: 1 }, 40)).toBe("(hidden)");
    expect(valueText("launchTemplate", { userData: "hunter2" }, 80)).toBe(
      `{"userData":"${secretDigest("hunter2")}"}`,
    );
  });

  it("leave other values readable and bounded", () => {
    expect(valueText("port", 80, 40)).toBe("80");
    expect(valueText("path", null, 40)).toBe("(absent)");
    expect(valueText("path", "", 40)).toBe('""');
    expect(valueText("path", "x".repeat(50), 10)).toBe(`${"x".repeat(10)}…`);
  });
});

describe("the spec as text", () => {
  it("is laid out like YAML, and quoted where YAML would read it differently", () => {
    const spec = {
      region: "us-east-1",
      port: "443",
      on: "yes",
      empty: {},
      none: [],
      list: ["/admin/*", { pathPattern: ["/a"] }],
      "a.b c": true,
      text: "two\nlines",
    };
    expect(yamlLines(spec).join("\n")).toBe(`region: us-east-1
port: "443"
"on": "yes"
empty: {}
none: []
list:
  - "/admin/*"
  - pathPattern:
      - /a
"a.b c": true
text: "two\\nlines"`);
  });
});
