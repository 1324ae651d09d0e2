import { describe, expect, it } from "vitest";
import { checkMapping, formatMapping, sliceForArea, withoutInfra } from "./index.ts";
import { defaultInfra, defaultPipelineInfra } from "./testing/infra.ts";
import { areaWith, fileWith, fileWithArea, problemsIn, summarize } from "./testing/problems.ts";

const everything = {
  prefix: "windlass-datagov",
  network: { vpc: "vpc-0123456789abcdef0", subnets: ["subnet-01234567", "ssm:/network/subnet-b"] },
  architecture: "arm64",
  instanceTypes: ["t4g.large", "a1.large"],
  volume: 100,
  applyPolicies: ["job-function/NetworkAdministrator", "arn:aws:iam::222222222222:policy/iac"],
  readers: ["dga-web-instance"],
  memory: 512,
  concurrency: 1,
  logRetention: 365,
  evening: "19:30",
  githubSecret: "github/windlass",
  createGithubSecret: true,
  alarms: "ops@example.com",
  bucket: "acme-windlass-state",
  deployGroup: "deploy",
};
const pipeline = {
  publishers: ["arn:aws:iam::111111111111:role/jenkins"],
  githubActions: {
    subjects: ["repo:AusDTO/dga-web:ref:refs/heads/Develop"],
    provider: "arn:aws:iam::111111111111:oidc-provider/ghe.example.com/_services/token",
  },
  stacks: 2,
  keepBuilds: 50,
};

function infraOf(file: unknown, area = "scratch") {
  return checkMapping(file).areas[area]?.infra;
}

describe("what the infrastructure is made of", () => {
  it("is default where the file says nothing", () => {
    const mapping = checkMapping(fileWith());

    expect(mapping.areas["scratch"]?.infra).toEqual(defaultInfra);
    expect(mapping.pipelineInfra).toEqual(defaultPipelineInfra);
  });

  it("is the area's block over the file's, key by key", () => {
    const areas = {
      scratch: areaWith({ infra: { network: { cidr: "10.1.0.0/24" }, volume: 50 } }),
      staging: areaWith({ branch: "Staging", account: "333333333333" }),
    };
    const file = fileWith({ infra: { volume: 20, memory: 512, network: { cidr: "10.2.0.0/24" } }, areas });

    expect(infraOf(file)).toMatchObject({ volumeGiB: 50, memoryMiB: 512, network: { cidr: "10.1.0.0/24" } });
    expect(infraOf(file, "staging")).toMatchObject({ volumeGiB: 20, memoryMiB: 512, network: { cidr: "10.2.0.0/24" } });
  });

  it("has instance types that fit an architecture that is given alone", () => {
    expect(infraOf(fileWithArea({ infra: { architecture: "arm64" } }))?.instanceTypes).toEqual([
      "t4g.medium",
      "m7g.medium",
    ]);
  });

  it("can all be given, and is written again as it was", () => {
    const file = fileWith({ infra: { pipeline }, areas: { scratch: areaWith({ infra: everything }) } });

    expect(formatMapping(checkMapping(file))).toEqual(file);
    expect(infraOf(file)).toMatchObject({
      network: { kind: "existing", vpc: "vpc-0123456789abcdef0" },
      eveningMinute: 1170,
      alarms: { kind: "email", address: "ops@example.com" },
    });
  });

  it("sends alarms to a topic in place of the area's own", () => {
    const arn = "arn:aws:sns:ap-southeast-2:222222222222:ops";
    const file = fileWithArea({ infra: { alarms: arn } });

    expect(infraOf(file)?.alarms).toEqual({ kind: "topic", arn });
    expect(formatMapping(checkMapping(file))).toEqual(file);
  });

  it("knows GitHub's provider in the registry's account", () => {
    const { githubActions } = checkMapping(
      fileWith({ infra: { pipeline: { githubActions: { subjects: ["repo:AusDTO/*:ref:refs/heads/Develop"] } } } }),
    ).pipelineInfra;

    expect(githubActions?.provider).toBe("arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com");
  });

  it("stays in a slice, and can be left out of it", () => {
    const mapping = checkMapping(
      fileWith({ infra: { pipeline }, areas: { scratch: areaWith({ infra: everything }) } }),
    );
    const slice = sliceForArea(mapping, "scratch");

    expect(slice.areas["scratch"]?.infra).toEqual(mapping.areas["scratch"]?.infra);
    expect(withoutInfra(slice)).toEqual(checkMapping(fileWith()));
  });
});

describe("a mistake in it", () => {
  it.each([
    ["an unknown key", { volum: 1 }, "unknown-key at infra.volum"],
    ["no object", 1, "wrong-type at infra"],
    ["another prefix", { prefix: "deploy" }, "invalid-name at infra.prefix"],
    ["a long prefix", { prefix: "windlass-for-the-data-government" }, "invalid-name at infra.prefix"],
    ["an empty network", { network: {} }, "invalid-network at infra.network"],
    ["a VPC without subnets", { network: { vpc: "vpc-01234567" } }, "invalid-network at infra.network"],
    ["subnets without a VPC", { network: { subnets: ["subnet-01234567"] } }, "invalid-network at infra.network"],
    [
      "two networks",
      { network: { vpc: "vpc-01234567", subnets: ["subnet-01234567"], cidr: "10.0.0.0/24" } },
      "invalid-network at infra.network",
    ],
    ["a network as text", { network: "10.0.0.0/24" }, "wrong-type at infra.network"],
    ["a list of networks", { network: [] }, "wrong-type at infra.network"],
    ["no subnets", { network: { vpc: "vpc-01234567", subnets: [] } }, "too-few-entries at infra.network.subnets"],
    [
      "a subnet twice",
      { network: { vpc: "vpc-01234567", subnets: ["ssm:a", "ssm:a"] } },
      "repeated-entry at infra.network.subnets[1]",
    ],
    ["a VPC's name", { network: { vpc: "main", subnets: ["ssm:a"] } }, "invalid-network at infra.network.vpc"],
    ["too few addresses", { network: { cidr: "10.0.0.0/28" } }, "invalid-network at infra.network.cidr"],
    ["an address inside of a network", { network: { cidr: "10.0.0.32/26" } }, "invalid-network at infra.network.cidr"],
    ["a byte of 256", { network: { cidr: "10.0.256.0/26" } }, "invalid-network at infra.network.cidr"],
    ["an unknown architecture", { architecture: "amd64" }, "invalid-architecture at infra.architecture"],
    [
      "types of the other architecture",
      { instanceTypes: ["t4g.small"] },
      "architecture-mismatch at infra.instanceTypes",
    ],
    [
      "types of two architectures",
      { instanceTypes: ["t4g.small", "c5.large"], architecture: "arm64" },
      "architecture-mismatch at infra.instanceTypes",
    ],
    ["a type twice", { instanceTypes: ["t3.small", "t3.small"] }, "repeated-entry at infra.instanceTypes[1]"],
    ["no types", { instanceTypes: [] }, "too-few-entries at infra.instanceTypes"],
    ["a family alone", { instanceTypes: ["t3"] }, "invalid-instance-type at infra.instanceTypes[0]"],
    ["a small volume", { volume: 4 }, "invalid-number at infra.volume"],
    ["a volume with its unit", { volume: "30 GiB" }, "wrong-type at infra.volume"],
    ["no policies", { applyPolicies: [] }, "too-few-entries at infra.applyPolicies"],
    ["a policy twice", { applyPolicies: ["A", "A"] }, "repeated-entry at infra.applyPolicies[1]"],
    ["an ARN of a role", { applyPolicies: ["arn:aws:iam::1:role/a"] }, "invalid-policy at infra.applyPolicies[0]"],
    ["an ARN of a reader", { readers: ["arn:aws:iam::1:role/a"] }, "invalid-principal at infra.readers[0]"],
    ["a reader twice", { readers: ["a", "a"] }, "repeated-entry at infra.readers[1]"],
    ["a retention of its own", { logRetention: 100 }, "invalid-number at infra.logRetention"],
    ["an evening without minutes", { evening: "20" }, "invalid-hours at infra.evening"],
    ["a secret with a random end", { githubSecret: "windlass-AbC123" }, "invalid-name at infra.githubSecret"],
    ["a queue for alarms", { alarms: "arn:aws:sqs:x:1:y" }, "invalid-alarms at infra.alarms"],
    ["a bucket in capitals", { bucket: "Acme" }, "invalid-name at infra.bucket"],
    ["a group with a space", { deployGroup: "a b" }, "invalid-group-name at infra.deployGroup"],
    [
      "a whole account as publisher",
      { pipeline: { publishers: ["arn:aws:iam::111111111111:root"] } },
      "invalid-principal at infra.pipeline.publishers[0]",
    ],
    [
      "a publisher twice",
      { pipeline: { publishers: [...pipeline.publishers, ...pipeline.publishers] } },
      "repeated-entry at infra.pipeline.publishers[1]",
    ],
    [
      "everybody's workflows",
      { pipeline: { githubActions: { subjects: ["repo:*/*:ref:refs/heads/Develop"] } } },
      "invalid-subject at infra.pipeline.githubActions.subjects[0]",
    ],
    [
      "a subject twice",
      { pipeline: { githubActions: { subjects: ["repo:a/b:c", "repo:a/b:c"] } } },
      "repeated-entry at infra.pipeline.githubActions.subjects[1]",
    ],
    ["no builds", { pipeline: { keepBuilds: 0 } }, "invalid-number at infra.pipeline.keepBuilds"],
  ])("is told: %s", (_, infra, problem) => {
    expect(summarize(problemsIn(fileWith({ infra })))).toEqual([problem]);
  });

  it("is told in an area, too", () => {
    const infra = { network: {}, applyPolicies: ["A", "A"] };

    expect(summarize(problemsIn(fileWithArea({ infra })))).toEqual([
      "invalid-network at areas.scratch.infra.network",
      "repeated-entry at areas.scratch.infra.applyPolicies[1]",
    ]);
  });

  it("is told where area and file only together make it", () => {
    const areas = { scratch: areaWith({ infra: { architecture: "arm64" } }) };

    expect(problemsIn(fileWith({ infra: { instanceTypes: ["c5.large"] }, areas }))).toMatchObject([
      {
        code: "architecture-mismatch",
        path: "areas.scratch.infra.architecture",
        found: "c5.large with architecture arm64",
      },
    ]);
  });

  it("is not told of the pipeline in an area", () => {
    expect(summarize(problemsIn(fileWithArea({ infra: { pipeline } })))).toEqual([
      "unknown-key at areas.scratch.infra.pipeline",
    ]);
  });

  it("has a hint", () => {
    expect(problemsIn(fileWith({ infra: { architecture: "arm46" } }))).toMatchObject([
      { hint: 'did you mean "arm64"?' },
    ]);
  });
});
