import type { Example } from "../../support/example.ts";

/** With a second target group beside `web`, which the listener names and sends nothing to. */
export function withGreen(blue: Example): Example {
  return blue
    .withTargetGroup("green", { protocol: "HTTP", port: 8080 })
    .withGroup("web", { targetGroups: ["web", "green"] })
    .withListener(443, {
      defaultAction: {
        forward: {
          targetGroups: [
            { targetGroup: "web", weight: 1 },
            { targetGroup: "green", weight: 0 },
          ],
        },
      },
    });
}
