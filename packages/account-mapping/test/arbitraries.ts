import fc from "fast-check";

/** Fields of which each may be missing. */
function optional(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(fields, { requiredKeys: [] });
}

const line = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .filter((text) => /^(?=.*\S).{1,60}$/.test(text));
const day = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const duration = fc
  .tuple(fc.nat({ max: 20 }), fc.nat({ max: 90 }), fc.integer({ min: 1, max: 90 }))
  .map(([hours, minutes, seconds]) => `${hours}h${minutes}m${seconds}s`);
const dayName = fc.constantFrom("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN");
const days = fc.array(
  fc.oneof(
    dayName,
    fc.tuple(dayName, dayName).map((range) => range.join("-")),
  ),
  {
    minLength: 1,
    maxLength: 3,
  },
);
const time = fc.tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 })).map((parts) => parts.map(twoDigits).join(":"));
const hours = fc.tuple(time, fc.oneof(time, fc.constant("24:00"))).filter(([from, to]) => from !== to);

const window = optional({
  timezone: fc.constantFrom("UTC", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kathmandu", "US/Pacific"),
  days: days.map((parts) => parts.join(",")),
  hours: hours.map((times) => times.join("-")),
});

const freeze = fc.tuple(day, day, line).map(([one, other, reason]) => {
  const [from, to] = [one, other].sort();
  return { from, to, reason };
});

const architecture = fc.constantFrom(
  {},
  { architecture: "arm64" },
  { architecture: "arm64", instanceTypes: ["t4g.large", "c7gn.large"] },
  { architecture: "x86_64", instanceTypes: ["c5.large"] },
);
const infra = fc
  .tuple(
    architecture,
    optional({
      prefix: fc.constantFrom("windlass", "windlass-a1"),
      network: fc.constantFrom(
        { cidr: "10.0.0.0/16" },
        { vpc: "vpc-01234567", subnets: ["subnet-01234567", "ssm:/a/b"] },
      ),
      volume: fc.integer({ min: 8, max: 1024 }),
      applyPolicies: fc.constantFrom(["ReadOnlyAccess"], ["AdministratorAccess"]),
      readers: fc.constantFrom(["a", "b/c"], []),
      memory: fc.integer({ min: 128, max: 3008 }),
      concurrency: fc.integer({ min: 1, max: 100 }),
      logRetention: fc.constantFrom(1, 90, 3653),
      evening: time,
      githubSecret: fc.constantFrom("windlass/github-app", "a"),
      createGithubSecret: fc.boolean(),
      alarms: fc.constantFrom("a@b.c", "arn:aws:sns:eu-west-1:222222222222:a"),
      bucket: fc.constant("abc"),
      deployGroup: fc.constant("deploy"),
    }),
  )
  .map(([one, others]) => ({ ...one, ...others }));
const pipelineInfra = optional({
  publishers: fc.constantFrom([], ["arn:aws:iam::111111111111:role/a"]),
  githubActions: fc.constantFrom({ subjects: ["repo:a/*:ref:refs/heads/b"] }),
  stacks: fc.integer({ min: 1, max: 50 }),
  keepBuilds: fc.integer({ min: 1, max: 9999 }),
});

const region = fc.constantFrom("ap-southeast-2", "eu-west-1", "us-gov-west-1");
const areaOptions = optional({ alias: line, region, window, infra, freezes: fc.array(freeze, { maxLength: 2 }) });

const commonImage = { timeout: duration, retries: fc.nat({ max: 10 }), github: fc.constantFrom("iac", "a.b_c-d") };
const variables = fc.dictionary(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,8}$/).filter((name) => name !== "__proto__"),
  fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
  { maxKeys: 3 },
);
const argument = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes("\0"));
const runs = fc.oneof(
  optional({ state: fc.constantFrom("image", "managed", "store") }),
  optional({
    state: fc.constantFrom("image", "store"),
    entrypoint: fc.array(argument, { minLength: 1, maxLength: 20 }),
  }),
);
const terraform = fc
  .tuple(optional({ ...commonImage, variables }), runs)
  .map(([fields, run]) => ({ kind: "terraform", ...fields, ...run }));

const groups = fc.oneof(
  fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/), { minLength: 1, maxLength: 3 }),
  fc.record({ tag: line, includes: fc.stringMatching(/^[a-z]{1,8}$/) }),
);
const percentages = fc.oneof(
  optional({ minHealthyPercentage: fc.nat({ max: 100 }) }),
  fc
    .tuple(fc.integer({ min: 0, max: 100 }), fc.nat({ max: 100 }))
    .map(([lowest, more]) => ({ minHealthyPercentage: lowest, maxHealthyPercentage: Math.max(100, lowest + more) })),
);
const preferences = fc
  .tuple(percentages, optional({ instanceWarmup: duration }))
  .map(([some, others]) => ({ ...some, ...others }));
const instanceRefresh = fc
  .tuple(groups, optional({ ...commonImage, preferences }))
  .map(([selector, fields]) => ({ kind: "instance-refresh", ...fields, groups: selector }));

const source = fc.constantFrom(
  undefined,
  {},
  { tag: "{branch}" },
  { repository: "{area}/{image}", tag: "latest" },
  { repository: "all", tag: "{image}.{area}" },
);

const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{1,8}$/), { minLength: 1, maxLength: 5 });

/** Files that have no problems. Images wait only for images that come before them here, in whatever order they stand. */
export const validFile: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .record({
    source,
    pipelineInfra: fc.option(pipelineInfra),
    region,
    pipeline: fc.boolean(),
    github: fc.option(
      fc.constantFrom({ organization: "AusDTO" }, { organization: "a-b", apiUrl: "http://127.0.0.1:1/" }),
    ),
    areas: fc.tuple(names, fc.array(areaOptions, { minLength: 5, maxLength: 5 })),
    images: fc.tuple(
      names,
      fc.array(fc.oneof(terraform, instanceRefresh), { minLength: 5, maxLength: 5 }),
      fc.array(fc.nat({ max: 31 }), { minLength: 5, maxLength: 5 }),
      fc.boolean(),
    ),
  })
  .map((parts) => ({
    version: 1,
    workload: "dataGov",
    registry: { account: "111111111111", region: parts.region },
    ...(parts.github === null ? {} : { github: parts.github }),
    ...(parts.source === undefined ? {} : { source: parts.source }),
    ...(parts.pipelineInfra === null ? {} : { infra: { pipeline: parts.pipelineInfra } }),
    areas: buildAreas(parts.areas, parts.pipeline),
    images: buildImages(parts.images),
  }));

function buildAreas([areaNames, options]: readonly [readonly string[], readonly object[]], pipeline: boolean): object {
  const entries = areaNames.map((name, index) => {
    const own = pipeline && index === 0 ? { account: "111111111111", pipeline } : { account: `22222222222${index}` };
    return [name, { branch: `Branch-${name}`, ...own, ...options[index] }];
  });
  return Object.fromEntries(entries);
}

function buildImages([imageNames, images, masks, reversed]: readonly [
  readonly string[],
  readonly object[],
  readonly number[],
  boolean,
]): object {
  const entries = imageNames.map((name, index) => {
    const after = imageNames.slice(0, index).filter((_, before) => ((masks[index] as number) >> before) & 1);
    return [name, { ...images[index], ...(after.length === 0 ? {} : { after }) }];
  });
  return Object.fromEntries(reversed ? entries.reverse() : entries);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** A valid file in which one value or key is another. */
export const damagedFile: fc.Arbitrary<unknown> = fc
  .tuple(
    validFile,
    fc.nat(),
    fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...strangeValues())),
    fc.boolean(),
  )
  .map(([file, position, value, addsKey]) => damage(file, position, value, addsKey));

function strangeValues(): readonly unknown[] {
  const texts = [
    "",
    " ",
    "{area}",
    "00:00-00:00",
    "MON",
    "0s",
    "999999h",
    "Mars/Base",
    "2026-02-30",
    "111111111111",
    "a/b",
  ];
  return [
    ...texts,
    0,
    -1,
    1.5,
    1e21,
    222222222222,
    true,
    null,
    [],
    {},
    ["a", "a"],
    { __proto__: null, kind: "terraform" },
  ];
}

/** Replaces one of the places in the file, or adds a key there. */
function damage(file: unknown, position: number, value: unknown, addsKey: boolean): unknown {
  const copy: { root: unknown } = structuredClone({ root: file });
  const places: { readonly owner: Record<string, unknown>; readonly key: string }[] = [];
  const visit = (owner: Record<string, unknown>, key: string): void => {
    places.push({ owner, key });
    const child = owner[key];
    if (typeof child !== "object" || child === null) return;
    for (const next of Object.keys(child)) visit(child as Record<string, unknown>, next);
  };
  visit(copy, "root");
  const { owner, key } = places[position % places.length] as (typeof places)[number];
  if (addsKey && !Array.isArray(owner) && owner !== copy) owner[`${key}x`] = value;
  else owner[key] = value;
  return copy.root;
}
