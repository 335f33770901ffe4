/** Spot and other capacity that is not bought on demand. */
import Type from "typebox";
import { aws } from "../field.ts";

const VERSION = "ec2:CreateLaunchTemplateVersion";

/** docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateSpotMarketOptionsRequest.html */
const spotOptions = Type.Object(
  {
    maxPrice: Type.Optional(
      Type.String({
        ...aws("InstanceMarketOptions.SpotOptions.MaxPrice", VERSION),
        pattern: "^[0-9]+(\\.[0-9]+)?$",
        description:
          "US dollars for an hour that are not exceeded, more than 0.001. Default: the Spot price, as AWS advises.",
      }),
    ),
    spotInstanceType: Type.Optional(
      Type.Enum(["one-time", "persistent"], {
        ...aws("InstanceMarketOptions.SpotOptions.SpotInstanceType", VERSION, { absent: "one-time" }),
        description:
          "Kind of the request. A group asks anew by itself whenever an instance is missing, so that AWS advises `one-time`.",
      }),
    ),
    instanceInterruptionBehavior: Type.Optional(
      Type.Enum(["hibernate", "stop", "terminate"], {
        ...aws("InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior", VERSION),
        description:
          "What becomes of an instance that AWS takes back. Default: `hibernate` with `hibernationOptions`, else `terminate`.",
      }),
    ),
  },
  { additionalProperties: false, description: "Options of Spot instances." },
);

export const instanceMarketOptionsSchema = Type.Object(
  {
    marketType: Type.Optional(
      Type.Enum(["spot", "capacity-block", "interruptible-capacity-reservation"], {
        ...aws("InstanceMarketOptions.MarketType", VERSION),
        description: "Market that the instances are bought on. Default: on demand.",
      }),
    ),
    spotOptions: Type.Optional(spotOptions),
  },
  {
    additionalProperties: false,
    description:
      "Instances that are not bought on demand: all of the group's are Spot instances, for example.",
  },
);
