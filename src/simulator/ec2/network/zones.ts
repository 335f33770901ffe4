/** The Region's Availability Zones. */
import type { AvailabilityZone, DescribeAvailabilityZonesCommandInput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import { REGION, ZONES } from "../../account/seed.ts";
import type { OperationTable } from "../../services.ts";
import { named } from "../describe-input.ts";
import { filtered } from "../filters/filtered.ts";
import { ZONE_FILTERS } from "../filters/network.ts";

export function zoneOperations(isZoneAvailable: (zone: string) => boolean): OperationTable {
  return {
    DescribeAvailabilityZones: (input: DescribeAvailabilityZonesCommandInput) => {
      const byName = named(ZONES, (zone) => zone.name, input.ZoneNames, noSuchZone);
      const asked = named(byName, (zone) => zone.id, input.ZoneIds, noSuchZone);
      const zones = asked.map(
        (zone): AvailabilityZone => ({
          ZoneName: zone.name,
          ZoneId: zone.id,
          RegionName: REGION,
          GroupName: `${REGION}-zg-1`,
          GroupLongName: "US East (N. Virginia) 1",
          NetworkBorderGroup: REGION,
          ZoneType: "availability-zone",
          OptInStatus: "opt-in-not-required",
          State: isZoneAvailable(zone.name) ? "available" : "unavailable",
          Messages: [],
        }),
      );
      return {
        AvailabilityZones: filtered("DescribeAvailabilityZones", ZONE_FILTERS, input.Filters, zones),
      };
    },
  };
}

function noSuchZone([name]: readonly string[]): AwsError {
  return new AwsError("InvalidParameterValue", `Invalid availability zone: [${name}]`);
}
