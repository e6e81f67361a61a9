// An app that signs people in with oauth4webapi, call by call as its examples do.

import express from "express";
import * as oauth from "oauth4webapi";

const { port, platforms } = JSON.parse(process.env.GUEST);
// Without https only on one's own machine; the library wants that said.
const insecure = { [oauth.allowInsecureRequests]: true };

const app = express();

/** What the library threw, as the app tells it on. A challenge it hands over unread, with the response that it came in. */
async function refuse(response, error) {
  const told = error.code === "OAUTH_WWW_AUTHENTICATE_CHALLENGE" ? await error.response.json() : error;
  response.status(400).json({ error: told.error ?? error.code ?? error.name, error_description: told.error_description ?? error.message });
}

const answering = (act) => async (request, response) => {
  try {
    response.json(await act(request));
  } catch (error) {
    refuse(response, error);
  }
};

for (const [name, platform] of Object.entries(platforms)) {
  const issuer = new URL(platform.issuer);
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
  const client = { client_id: platform.client_id };
  const proof = oauth.ClientSecretPost(platform.client_secret);
  const pending = {};
  const held = {};

  app.get(`/${name}`, async (_request, response) => {
    Object.assign(pending, { verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState() });
    let parameters = {
      ...platform.parameters,
      client_id: client.client_id,
      redirect_uri: platform.redirect_uri,
      response_type: "code",
      scope: platform.scope,
      state: pending.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: "S256",
    };
    if (platform.pushes) {
      const answer = await oauth.pushedAuthorizationRequest(server, client, proof, new URLSearchParams(parameters), insecure);
      const { request_uri } = await oauth.processPushedAuthorizationResponse(server, client, answer);
      parameters = { client_id: client.client_id, request_uri };
    }
    const link = new URL(server.authorization_endpoint);
    for (const [key, value] of Object.entries(parameters)) link.searchParams.set(key, value);
    response.redirect(link.href);
  });
  app.get(
    `/${name}/callback`,
    answering(async (request) => {
      const parameters = oauth.validateAuthResponse(server, client, new URL(request.originalUrl, platform.redirect_uri), pending.state);
      const answer = await oauth.authorizationCodeGrantRequest(server, client, proof, parameters, platform.redirect_uri, pending.verifier, insecure);
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer);
      Object.assign(held, { tokens, subject: oauth.getValidatedIdTokenClaims(tokens)?.sub });
      return held;
    }),
  );
  app.get(
    `/${name}/refresh`,
    answering(async (request) => {
      const options = { ...insecure, additionalParameters: request.query };
      const answer = await oauth.refreshTokenGrantRequest(server, client, proof, held.tokens.refresh_token, options);
      const tokens = await oauth.processRefreshTokenResponse(server, client, answer);
      held.tokens = { ...held.tokens, ...tokens };
      return { tokens };
    }),
  );
  app.get(
    `/${name}/userinfo`,
    answering(async () => {
      const answer = await oauth.userInfoRequest(server, client, held.tokens.access_token, insecure);
      return oauth.processUserInfoResponse(server, client, held.subject ?? oauth.skipSubjectCheck, answer);
    }),
  );
  app.get(
    `/${name}/give-back`,
    answering(async () => {
      await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, proof, held.tokens.refresh_token, insecure));
      return {};
    }),
  );
}

app.listen(port, "127.0.0.1");
