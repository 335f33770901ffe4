import { FREEZES_PATH, freezeText } from "../../model/pause.ts";
import type { FleetModel } from "../../model/status-page.ts";
import { type Html, html } from "../html.ts";
import { command, ORIGIN, section } from "../parts.ts";

/** Above the services, while there is one: what waits for a person, and how it goes on. */
export function freezesSection({ freezes = [], forms }: FleetModel): Html | false {
  return (
    freezes.length > 0 &&
    section(
      { id: "freezes", title: "Frozen deletions", note: "Until a person has looked, and lifts it." },
      freezes.map(
        (
          freeze,
        ) => html`<p class="prose">${freezeText(freeze)}. Corrections and edits delete no more of it; everything else goes on.</p>
${forms !== undefined && command(`Lift it for ${freeze.kind}`, html`curl -s -X DELETE '${ORIGIN}${FREEZES_PATH}/${freeze.kind}'`)}`,
      ),
    )
  );
}
