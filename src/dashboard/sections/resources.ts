import { LIMITS } from "../../model/limits.ts";
import type { ResourceRow, ResourceState } from "../../model/status.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { resourceAddress } from "../console-links.ts";
import { type Html, html } from "../html.ts";
import { RESOURCE_STATES, resourceMark } from "../marks.ts";
import { age, cell, code, leftOut, linked, nothing, section, table, word } from "../parts.ts";
import { besides, bounded, ratioOf } from "../words.ts";

export function resourcesSection(model: ServiceModel): Html {
  const resources = model.service.status?.resources ?? [];
  const order = (state: ResourceState) => RESOURCE_STATES.indexOf(state);
  const sorted = [...resources].sort((a, b) => order(a.state) - order(b.state));
  const { shown, left } = bounded(sorted, LIMITS.rowsPerSection);
  const body =
    resources.length === 0
      ? nothing("None yet.")
      : [
          table(
            "Resources of AWS that belong to the service",
            ["State", "In the spec", "Name in AWS", "Read"],
            shown.map((resource) => resourceRow(resource, model)),
            "dense",
          ),
          leftOut(left, "GET the object"),
        ];
  return section({ id: "resources", title: "Resources", count: `${inSyncText(resources)} in sync` }, body);
}

/** What was not read may be in sync. */
export function inSyncText(resources: readonly ResourceRow[]): string {
  const count = (state: ResourceState) => resources.filter((resource) => resource.state === state).length;
  return ratioOf(count("InSync"), count("Unknown"), resources.length);
}

function resourceRow(resource: ResourceRow, { now, cloud, service }: ServiceModel): Html {
  const address = resourceAddress({ cloud, region: service.spec.region }, resource);
  return html`<tr id="resource-${resource.key}">${[
    cell("State", [
      word(resourceMark(resource.state)),
      resource.message !== undefined && html`<p class="why">${resource.message}</p>`,
      resource.cutover !== undefined && html`<p class="why">${resource.cutover}</p>`,
      ...besides(resource).map((text) => html`<p class="why">${text}</p>`),
    ]),
    cell("In the spec", code(resource.key)),
    cell(
      "Name in AWS",
      linked(html`<span class="mono" title="${resource.arn ?? ""}">${resource.name}</span>`, address),
    ),
    cell("Read", age(resource.observedAt, now), "num"),
  ]}</tr>
`;
}
