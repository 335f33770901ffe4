import type { PageContext } from "../model/status-page.ts";

/** The first line of every page for terminals. */
export function contextLine({ now, cloud, speed, version }: PageContext): string {
  const where =
    cloud === "aws"
      ? "AWS"
      : `simulated account${speed === undefined || speed === 1 ? "" : `, ${speed}x real time`}`;
  return `HOLDFAST ${version} - ${where} - ${now.slice(0, 10)} ${now.slice(11, 19)} UTC`;
}
