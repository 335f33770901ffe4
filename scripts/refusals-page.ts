import { REFUSALS } from "../src/simulator/refusals.ts";
import { table } from "./markdown.ts";

const SERVICES: Readonly<Record<string, string>> = {
  elb: "Elastic Load Balancing",
  autoscaling: "Auto Scaling",
  ec2: "EC2",
  cloudwatch: "CloudWatch",
};

/** What the simulated account refuses because AWS's pages say so: docs/simulator-refusals.md. */
export function refusalsPage(): string {
  const sections = Object.entries(SERVICES).flatMap(([prefix, name]) => {
    const rows = REFUSALS.filter(({ id }) => id.startsWith(`${prefix}/`)).map(
      ({ id, operations, statement, code, page }) => [
        `\`${id}\``,
        `[${statement.replace(/\.$/, "")}](${page})`,
        operations.join(", "),
        `\`${code}\``,
      ],
    );
    return [`## ${name}`, "", table(["Id", "What AWS demands", "Of", "Code"], rows), ""];
  });
  return [
    "# What the simulated account refuses",
    "",
    "<!-- Generated from the tables of refusals in src/simulator/ by `npm run docs`. -->",
    "",
    `The ${REFUSALS.length} documented demands below are looked for before a call has any effect. What does not exist, what is in use and what exceeds a quota is refused as well, and is not listed.`,
    "Where AWS's own words are known, the message is in them. EC2 takes a launch template that no launch would take, and warns: `RunInstances` refuses it, and so does Auto Scaling when a group or a refresh is given it.",
    "",
    ...sections,
  ].join("\n");
}
