/**
 * Where people see what an API tells: `https://github.com` for `https://api.github.com`, the host itself for GitHub
 * Enterprise Server. https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
 */
export function githubPages(apiUrl: string): string {
  const { protocol, host, pathname } = new URL(apiUrl);
  const enterprise = /^\/(.*\/)?api\/v3\/?$/.test(pathname);
  return enterprise ? `${protocol}//${host}` : `${protocol}//${host.replace(/^api\./, "")}`;
}
