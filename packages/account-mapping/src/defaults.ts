/** What a file need not say, in the file's own words. */
export const DEFAULTS = {
  apiUrl: "https://api.github.com",
  repository: "{image}",
  tag: "{area}",
  timezone: "UTC",
  days: "MON-FRI",
  hours: "09:00-17:00",
  pipeline: false,
  timeout: "1h",
  retries: 0,
  state: "image",
} as const;
