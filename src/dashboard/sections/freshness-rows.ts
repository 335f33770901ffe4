/** The freshness of a service and of the fleet as rows of a terminal. */
import { READ_CLASSES } from "../../model/fleet/freshness.ts";
import { textOfKey } from "../../model/object.ts";
import type { FleetModel, ServiceModel } from "../../model/status-page.ts";
import { SIGNS } from "../signs.ts";
import { ageOf, comparedText, periodOf } from "../words.ts";
import { classRows, promiseMark } from "./freshness.ts";

/** Each class of a service. */
export function freshnessRows(model: ServiceModel): string[][] {
  return classRows(model).map(({ readClass, mark, ...freshness }) => [
    SIGNS[mark.tone],
    mark.word,
    comparedText(readClass, freshness, model.now),
  ]);
}

/** The service that is the oldest in each class, by Region. */
export function oldestRows({ budgets, now }: FleetModel): string[][] {
  return budgets.flatMap(({ region, promisedSeconds, oldest }) =>
    READ_CLASSES.map((readClass) => {
      const { [readClass]: worst } = oldest;
      const { [readClass]: promised } = promisedSeconds;
      const freshness = { ...worst, promisedSeconds: promised };
      return [
        SIGNS[promiseMark(freshness, now).tone],
        region,
        readClass,
        worst === undefined ? "not yet" : ageOf(worst.comparedAt, now),
        `promised every ${periodOf(promised)}`,
        worst === undefined ? "" : textOfKey(worst),
      ];
    }),
  );
}
