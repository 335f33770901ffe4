/** The Region's Availability Zones. */
import type { DescribeAvailabilityZonesCommandInput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import { REGION, ZONES } from "../../account/seed.ts";
import type { OperationTable } from "../../services.ts";
import { named, passes } from "../describe-input.ts";

export function zoneOperations(isZoneAvailable: (zone: string) => boolean): OperationTable {
  return {
    DescribeAvailabilityZones: (input: DescribeAvailabilityZonesCommandInput) => {
      const asked = named(
        ZONES,
        (zone) => zone.name,
        input.ZoneNames,
        ([name]) => {
          return new AwsError("InvalidParameterValue", `Invalid availability zone: [${name}]`);
        },
      );
      const zones = asked.map((zone) => ({
        ZoneName: zone.name,
        ZoneId: zone.id,
        RegionName: REGION,
        GroupName: REGION,
        NetworkBorderGroup: REGION,
        ZoneType: "availability-zone",
        OptInStatus: "opt-in-not-required",
        State: isZoneAvailable(zone.name) ? "available" : "unavailable",
        Messages: [],
      }));
      const found = zones.filter((zone) =>
        passes(
          input.Filters,
          {
            "zone-name": zone.ZoneName,
            "zone-id": zone.ZoneId,
            state: zone.State,
            "region-name": REGION,
            "zone-type": zone.ZoneType,
          },
          [],
        ),
      );
      return { AvailabilityZones: found };
    },
  };
}
