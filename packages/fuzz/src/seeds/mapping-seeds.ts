const FULL = {
  version: 1,
  workload: "dataGov",
  registry: { account: "111111111111", region: "ap-southeast-2" },
  github: { organization: "AusDTO", apiUrl: "https://github.example.com/api/v3" },
  source: { repository: "{area}/{image}", tag: "{branch}" },
  areas: {
    scratch: { branch: "Develop", account: "222222222222", alias: "sts-scratch" },
    production: {
      branch: "Production",
      account: "444444444444",
      region: "eu-central-1",
      window: { timezone: "Australia/Sydney", days: "MON-FRI", hours: "09:00-17:00" },
      freezes: [{ from: "2026-12-20", to: "2027-01-05", reason: "end of year" }],
      infra: { logRetention: 365 },
    },
  },
  images: {
    "dga-network": { kind: "terraform", state: "managed", variables: { department: "dga" } },
    "dga-site": { kind: "terraform", after: ["dga-network"], timeout: "45m", retries: 1 },
    "dga-old": { kind: "terraform", state: "store", entrypoint: ["apply-no-color"], github: "dga-old-code" },
    "dga-web": {
      kind: "instance-refresh",
      groups: ["dga-web-asg"],
      preferences: { minHealthyPercentage: 90, instanceWarmup: "5m" },
    },
    "dga-api": { kind: "instance-refresh", groups: { tag: "deploy.packages", includes: "api" }, after: ["dga-web"] },
  },
};

const SMALL = {
  version: 1,
  workload: "w",
  registry: { account: "111111111111", region: "us-east-1" },
  areas: { a: { branch: "main", account: "222222222222" } },
  images: { i: { kind: "terraform" } },
};

const YAML = `# A mapping
version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
github: { organization: AusDTO }
source:
  repository: "{image}"
  tag: "{area}"
infra:
  alarms: ops@example.com
areas:
  scratch:
    branch: Develop
    account: "222222222222"
    window: &hours { timezone: Australia/Sydney, days: MON-SUN, hours: "00:00-24:00" }
  staging:
    branch: Staging
    account: '333333333333'
    window: *hours
    freezes:
      - { from: 2026-12-20, to: 2027-01-05, reason: end of year }
images:
  dga-network:
    kind: terraform
    variables: { size: 3, on: true, name: "x" }
  dga-web:
    kind: instance-refresh
    groups: [dga-web-asg]
    after:
      - dga-network
`;

const ANCHORS = `version: 1
workload: &w x
registry: { account: "111111111111", region: us-east-1 }
areas:
  a: { branch: &b main, account: "222222222222", alias: *w }
images:
  one: &image { kind: terraform, after: [] }
  two: *image
`;

export const MAPPING_SEEDS: readonly [string, ...string[]] = [
  YAML,
  JSON.stringify(FULL),
  JSON.stringify(SMALL),
  JSON.stringify(FULL, null, 2),
  ANCHORS,
];
