// Rocketpunch's guide in Node: an Express app that connects a person's account and shows their profile.

import express from "express";
import session from "express-session";

const { PLATFORM, API, PORT, RP_CLIENT_ID, RP_CLIENT_SECRET, RP_SCOPE } = process.env;
const CALLBACK = `http://127.0.0.1:${PORT}/auth/rocketpunch/callback`;

async function token(parameters) {
  const response = await fetch(`${PLATFORM}/oauth/token`, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ ...parameters, client_id: RP_CLIENT_ID, client_secret: RP_CLIENT_SECRET }),
  });
  if (!response.ok) {
    const refusal = await response.json();
    throw new Error(`the token endpoint says ${refusal.error}`);
  }
  return response.json();
}

async function profile(accessToken) {
  const response = await fetch(`${API}/api/v1/profiles/me`, {
    headers: { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" },
  });
  if (!response.ok) {
    const refusal = await response.json();
    throw new Error(`the API says ${refusal.error.message}`);
  }
  return response.json();
}

const app = express();
app.use(session({ secret: "of the sample", resave: false, saveUninitialized: true }));

app.get("/connect", (_request, response) => {
  const query = new URLSearchParams({ client_id: RP_CLIENT_ID, redirect_uri: CALLBACK, response_type: "code", scope: RP_SCOPE });
  response.redirect(`${PLATFORM}/oauth/authorize?${query}`);
});

app.get("/auth/rocketpunch/callback", async (request, response) => {
  const { code, error } = request.query;
  if (error) return response.redirect("/connect-failed");
  if (!code) return response.status(400).send("no code");
  request.session.tokens = await token({ grant_type: "authorization_code", code, redirect_uri: CALLBACK });
  return response.redirect("/dashboard");
});

app.get("/connect-failed", (_request, response) => response.send("not connected"));

app.get("/dashboard", async (request, response) => {
  const { tokens } = request.session;
  response.json({ tokens, profile: await profile(tokens.access_token) });
});

// Some minutes early, as the guide advises; the access token of before has not ended.
app.get("/refresh", async (request, response) => {
  const before = request.session.tokens;
  request.session.tokens = await token({ grant_type: "refresh_token", refresh_token: before.refresh_token });
  response.json({ before, tokens: request.session.tokens, profiles: [await profile(before.access_token), await profile(request.session.tokens.access_token)] });
});

app.get("/call-with/:token", async (request, response) => response.json(await profile(request.params.token)));

app.use((error, _request, response, _next) => response.status(502).send(error.message));

app.listen(PORT, "127.0.0.1");
