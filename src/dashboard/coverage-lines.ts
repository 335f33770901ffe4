/** A coverage as lines: what differs, then what is not compared, then what is left to others; the same in all forms. */
import type { Coverage, CoverageDifference, CoverageMember, CoverageRow } from "../model/status.ts";
import { type Mark, verdictMark } from "./marks.ts";
import { sentence, valueText } from "./words.ts";

/** Of what the spec does not declare and somebody has set. */
const LEFT: Mark = { tone: "idle", word: "Left to others" };

interface CoverageLine {
  readonly mark: Mark;
  readonly address: string;
  readonly member: string;
  /** What is said of it. @param most characters of a value */
  readonly says: (most: number) => string;
}

/** `96 of 103 members compared`. */
export function coverageCount({ compared, leftToOthers, notCompared }: Coverage): string {
  return `${compared} of ${compared + leftToOthers + notCompared} members compared`;
}

/** How many more members there are than are named. */
export function unnamedIn({ resources }: Coverage): number {
  return resources.reduce((sum, { more = 0 }) => sum + more, 0);
}

export function coverageLines({ resources }: Coverage): CoverageLine[] {
  return [
    ...resources.flatMap((row) => row.different.map((difference) => differentLine(row, difference))),
    ...resources.flatMap(unreadLine),
    ...resources.flatMap((row) =>
      row.notCompared.map((member) => memberLine(verdictMark("not compared"), row, member)),
    ),
    ...resources.flatMap((row) =>
      row.leftToOthers.map((member) => memberLine(leftMark(member), row, member)),
    ),
  ];
}

/** What a rule of the spec leaves, and what nobody has said anything of. */
function leftMark({ verdict = "not compared" }: CoverageMember): Mark {
  return verdict === "not compared" ? LEFT : verdictMark(verdict);
}

function differentLine(
  { address }: CoverageRow,
  { member, desired, observed, verdict = "rolling out", why }: CoverageDifference,
): CoverageLine {
  const reason = why === undefined ? "" : ` ${sentence(why)}`;
  return {
    mark: verdictMark(verdict),
    address,
    member,
    says: (most) =>
      `${valueText(member, observed, most)} instead of ${valueText(member, desired, most)}.${reason}`,
  };
}

function unreadLine({ address, reason, verdict = "not compared" }: CoverageRow): CoverageLine[] {
  if (reason === undefined) return [];
  return [{ mark: verdictMark(verdict), address, member: "everything", says: () => sentence(reason) }];
}

function memberLine(
  mark: Mark,
  { address }: CoverageRow,
  { member, reason, value }: CoverageMember,
): CoverageLine {
  return {
    mark,
    address,
    member,
    says: (most) =>
      value === undefined ? sentence(reason) : `${valueText(member, value, most)}: ${sentence(reason)}`,
  };
}
