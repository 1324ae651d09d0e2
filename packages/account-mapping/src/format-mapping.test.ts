import { describe, expect, it } from "vitest";
import { checkMapping, formatMapping } from "./index.ts";
import { areaWith, fileWith } from "./testing/problems.ts";

describe("formatMapping", () => {
  it("leaves out what is default anyway", () => {
    const spelledOut = fileWith({
      github: { organization: "AusDTO", apiUrl: "https://api.github.com" },
      source: { repository: "{image}", tag: "{area}" },
      areas: {
        scratch: areaWith({
          region: "ap-southeast-2",
          window: { timezone: "UTC", days: "MON,TUE-FRI", hours: "09:00-17:00" },
          freezes: [],
          pipeline: false,
        }),
      },
      images: {
        network: {
          kind: "terraform",
          after: [],
          timeout: "60m",
          retries: 0,
          github: "network",
          state: "image",
          variables: {},
        },
        web: { kind: "instance-refresh", groups: ["web-asg"], preferences: {} },
      },
    });

    expect(formatMapping(checkMapping(spelledOut))).toEqual({
      version: 1,
      workload: "dataGov",
      registry: { account: "111111111111", region: "ap-southeast-2" },
      github: { organization: "AusDTO" },
      areas: { scratch: { branch: "Develop", account: "222222222222" } },
      images: { network: { kind: "terraform" }, web: { kind: "instance-refresh", groups: ["web-asg"] } },
    });
  });

  it("gives back a file that is written as it writes", () => {
    const file = fileWith({
      github: { organization: "AusDTO", apiUrl: "https://github.example.com/api/v3" },
      source: { repository: "{area}/{image}", tag: "latest" },
      areas: {
        pipeline: {
          branch: "Pipeline",
          account: "111111111111",
          alias: "sts-pipeline",
          region: "eu-west-1",
          window: { timezone: "Australia/Sydney", days: "MON,SAT,SUN", hours: "22:00-06:00" },
          freezes: [{ from: "2026-12-20", to: "2027-01-05", reason: "end of year" }],
          pipeline: true,
        },
      },
      images: {
        site: {
          kind: "terraform",
          after: ["web"],
          timeout: "1h30m",
          retries: 2,
          github: "iac",
          state: "store",
          entrypoint: ["apply-no-color", "--yes"],
          variables: { a: "x", b: "1.5" },
        },
        web: {
          kind: "instance-refresh",
          groups: { tag: "deploy.packages", includes: "web" },
          preferences: { minHealthyPercentage: 0, maxHealthyPercentage: 100, instanceWarmup: "0s" },
        },
      },
    });

    expect(formatMapping(checkMapping(file))).toEqual(file);
  });

  it("gives back a value of its own, which JSON can hold", () => {
    const mapping = checkMapping(fileWith());
    const written = formatMapping(mapping);

    expect(JSON.parse(JSON.stringify(written))).toEqual(written);
    expect((written as { registry: unknown }).registry).not.toBe(mapping.registry);
  });
});
