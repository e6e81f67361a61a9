// An OpenID provider that people sign in at before they come to Gantry: oidc-provider, with the pages that it brings along for
// development, where any name and any password will do. PROVIDER says where it is, who its clients are and which keys it has.

import Provider from "oidc-provider";

const { port, clients, keys } = JSON.parse(process.env.PROVIDER);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients,
  jwks: { keys },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  scopes: ["openid", "email", "profile", "groups", "offline_access"],
  features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  cookies: { keys: ["a key that is of no use anywhere else"] },
  // The name is the address; who is named after harbour masters is in their group.
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: true, name: `${id.split("@")[0]} of the harbour`, groups: id.startsWith("master") ? ["harbour-masters"] : [] }),
  }),
});

provider.on("server_error", (_context, error) => console.error(error));
provider.listen(port, "127.0.0.1");
