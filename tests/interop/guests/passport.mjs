// An app that signs people in with passport and openid-client's strategy, as openid-client documents it.

import express from "express";
import session from "express-session";
import * as client from "openid-client";
import { Strategy } from "openid-client/passport";
import passport from "passport";

const { port, platforms } = JSON.parse(process.env.GUEST);

/** The strategy's documented place for parameters that it does not know. */
class PlatformStrategy extends Strategy {
  constructor({ parameters, ...options }, verify) {
    super(options, verify);
    this.parameters = parameters ?? {};
  }

  authorizationRequestParams(request, options) {
    const own = new URLSearchParams(super.authorizationRequestParams(request, options));
    for (const [name, value] of Object.entries(this.parameters)) own.set(name, value);
    return own;
  }
}

const app = express();
app.use(session({ secret: "a guest's own secret", resave: false, saveUninitialized: false }));
app.use(passport.initialize());
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

/** What the library threw, as the app tells it on. A challenge it hands over unread, with the response that it came in. */
async function refuse(response, error) {
  const told = error.code === "OAUTH_WWW_AUTHENTICATE_CHALLENGE" ? await error.response.json() : error;
  response.status(400).json({ error: told.error ?? error.code ?? error.name, error_description: told.error_description ?? error.message });
}

for (const [name, platform] of Object.entries(platforms)) {
  // Without https only on one's own machine; the library wants that said.
  const config = await client.discovery(new URL(platform.issuer), platform.client_id, platform.client_secret, undefined, {
    execute: [client.allowInsecureRequests],
  });
  const options = { name, sessionKey: name, config, scope: platform.scope, callbackURL: platform.redirect_uri, parameters: platform.parameters, usePAR: platform.pushes };
  passport.use(name, new PlatformStrategy(options, (tokens, done) => done(null, { tokens, subject: tokens.claims()?.sub })));
  const held = {};

  app.get(`/${name}`, passport.authenticate(name));
  app.get(`/${name}/callback`, (request, response, next) => {
    passport.authenticate(name, { session: false }, (error, user, info) => {
      if (error) return refuse(response, error);
      if (!user) return refuse(response, { error: info.error, error_description: info.message });
      Object.assign(held, user);
      return response.json(user);
    })(request, response, next);
  });
  app.get(`/${name}/refresh`, async (request, response) => {
    try {
      const tokens = await client.refreshTokenGrant(config, held.tokens.refresh_token, request.query);
      held.tokens = { ...held.tokens, ...tokens };
      response.json({ tokens });
    } catch (error) {
      refuse(response, error);
    }
  });
  app.get(`/${name}/userinfo`, async (_request, response) => {
    try {
      response.json(await client.fetchUserInfo(config, held.tokens.access_token, held.subject ?? client.skipSubjectCheck));
    } catch (error) {
      refuse(response, error);
    }
  });
  app.get(`/${name}/give-back`, async (_request, response) => {
    try {
      await client.tokenRevocation(config, held.tokens.refresh_token);
      response.json({});
    } catch (error) {
      refuse(response, error);
    }
  });
}

app.listen(port, "127.0.0.1");
