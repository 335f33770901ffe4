import { describe, expect, it } from "vitest";
import { html } from "../../src/dashboard/html.ts";

describe("html", () => {
  it("escapes every part, in text and in attributes", () => {
    const hostile = `"><script>alert('x')</script>&`;
    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>',
    );
  });

  it("takes markup made by itself as it is, joins lists, and shows nothing for nothing", () => {
    const parts = [html`<b>${1}</b>`, undefined, null, false, "<", 0] as const;
    expect(html`<p>${parts}</p>`.text).toBe("<p><b>1</b>&lt;0</p>");
  });
});
