// A real OpenID Connect provider for the tests. Prints its address when it listens; any password signs in.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const people = {
  ana: { name: "Ana Admin", roles: ["store-admin"], stores: ["acme"] },
  sam: { name: "Sam Support", roles: ["support"] },
  nora: { name: "Nora Nobody" },
};

const server = createServer();
await new Promise((resolve) => server.listen(0, "localhost", resolve));
const issuer = `http://localhost:${server.address().port}`;

const page = (title, body) =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: "zoeyklaviyo",
    client_secret: "a-secret-for-tests-only",
    redirect_uris: ["http://localhost/signin-oidc"],
    post_logout_redirect_uris: ["http://localhost/signout-callback-oidc"],
  }],
  cookies: { keys: ["only-for-tests"] },
  claims: { openid: ["sub"], profile: ["name", "roles", "stores"] },
  // As in the standard: the claims of the scopes come from userinfo, not in the ID token, unless a test asks for both.
  conformIdTokenClaims: process.env.CLAIMS_IN_ID_TOKEN !== "true",
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      logoutSource: (ctx, form) => { ctx.body = page("End the session?", `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Yes, sign out</button>`); },
    },
  },
  // Consent is not what is tested: every client gets what it asks for.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
});

// The app under test listens on a port that is not known yet.
provider.Client.prototype.redirectUriAllowed = (uri) => /^http:\/\/(localhost|127\.0\.0\.1):\d+\/signin-oidc$/.test(uri);
provider.Client.prototype.postLogoutRedirectUriAllowed = (uri) => /^http:\/\/(localhost|127\.0\.0\.1):\d+\/signout-callback-oidc$/.test(uri);

const callback = provider.callback();
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return callback(request, response);
  if (request.method === "POST") {
    let body = "";
    for await (const chunk of request) body += chunk;
    const login = new URLSearchParams(body).get("login");
    return provider.interactionFinished(request, response, people[login] ? { login: { accountId: login } } : { error: "access_denied" });
  }
  response.setHeader("content-type", "text/html");
  response.end(page("Provider sign-in", `<form method="post"><label>Login <input name="login" autofocus></label><button>Continue</button></form>`));
});

console.log(issuer);
